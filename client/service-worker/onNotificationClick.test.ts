import { onNotificationClick } from './onNotificationClick';

/** The page that a click on an action opens. */
async function pageOf(fanfare: object, action: string): Promise<string | undefined> {
  let opened: string | undefined;
  const clients = {
    matchAll: async () => [],
    openWindow: async (url: string) => {
      opened = url;
      return null;
    },
  };
  const registration = { scope: 'https://a.example/sdk/' };
  const scope = { registration, clients, navigator: { userAgent: 'Firefox/140.0' } };
  const under: Promise<unknown>[] = [];
  const notification = { tag: '', data: { fanfare }, close: () => undefined };
  const event = { notification, action, waitUntil: (promise: Promise<unknown>) => under.push(promise) };
  onNotificationClick(scope as unknown as ServiceWorkerGlobalScope, event as unknown as NotificationEvent);
  await Promise.all(under);
  return opened;
}

describe('a click on an action', () => {
  const front = 'https://a.example/';
  const navigate = 'https://a.example/body';
  const actions = { reply: 'https://a.example/reply' };

  it('opens the page of the action', async () => {
    expect(await pageOf({ actions, navigate }, 'reply')).toBe('https://a.example/reply');
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf', 'other', ''])(
    'opens the page of the notification for %j, which has none of its own',
    async (action) => {
      expect(await pageOf({ actions, navigate }, action)).toBe(navigate);
      expect(await pageOf({ actions }, action)).toBe(front);
      expect(await pageOf({}, action)).toBe(front);
    },
  );

  it('opens the page of an action that is called like a member of every object', async () => {
    const named = Object.fromEntries([
      ['constructor', 'https://a.example/c'],
      ['__proto__', 'https://a.example/p'],
    ]);
    expect(await pageOf({ actions: named, navigate }, 'constructor')).toBe('https://a.example/c');
    expect(await pageOf({ actions: named, navigate }, '__proto__')).toBe('https://a.example/p');
  });
});
