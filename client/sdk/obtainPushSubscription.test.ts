import { obtainPushSubscription } from './obtainPushSubscription';

const key = 'BAAA';

/** A push manager whose `subscribe` does this. */
function managerThat(subscribe: () => Promise<unknown>): PushManager {
  return { getSubscription: async () => null, subscribe } as unknown as PushManager;
}

describe('obtainPushSubscription', () => {
  afterEach(() => jest.useRealTimers());

  it('gives up a push service that never answers, as Chromium offline', async () => {
    jest.useFakeTimers();
    const obtained = obtainPushSubscription(
      managerThat(() => new Promise(() => undefined)),
      key,
    );
    const refused = expect(obtained).rejects.toMatchObject({ code: 'PUSH_SERVICE_UNREACHABLE' });
    await jest.advanceTimersByTimeAsync(30_000);
    await refused;
  });

  /** A browser that answers with these endpoints, one after the other; a subscription is there from the start. */
  function browserWith(...endpoints: string[]) {
    const ended: string[] = [];
    const make = (endpoint = '') => ({
      endpoint,
      options: { applicationServerKey: Buffer.from(key, 'base64url') },
      unsubscribe: async () => ended.push(endpoint),
    });
    const existing = make(endpoints.shift());
    const manager = { getSubscription: async () => existing, subscribe: async () => make(endpoints.shift()) };
    return { ended, pushManager: manager as unknown as PushManager };
  }

  const none = 'https://permanently-removed.invalid/fcm/send/x';
  const good = 'https://push.example/1';
  it.each([
    ['an existing placeholder', [none, good], 1],
    ['a placeholder right after it', [none, none, good], 2],
    ['two more placeholders', [none, none, none, good], 3],
  ])('replaces %s by a subscription that can be reached', async (_, endpoints, ends) => {
    jest.useFakeTimers();
    const { pushManager, ended } = browserWith(...endpoints);
    const obtained = obtainPushSubscription(pushManager, key);
    await jest.advanceTimersByTimeAsync(4_000);
    expect(await obtained).toMatchObject({ endpoint: good });
    expect(ended).toHaveLength(ends);
  });

  it('gives up after three placeholders, and keeps none', async () => {
    jest.useFakeTimers();
    const { pushManager, ended } = browserWith(none, none, none, none, good);
    const refused = expect(obtainPushSubscription(pushManager, key)).rejects.toMatchObject({
      code: 'PUSH_SERVICE_UNREACHABLE',
    });
    await jest.advanceTimersByTimeAsync(4_000);
    await refused;
    expect(ended).toHaveLength(4);
  });

  it.each([
    ['NotAllowedError', 'PERMISSION_DENIED'],
    ['AbortError', 'PUSH_SERVICE_UNREACHABLE'],
    ['NotSupportedError', 'UNSUPPORTED'],
    ['InvalidAccessError', 'SUBSCRIBE_FAILED'],
  ])('says %s of the browser as %s', async (name, code) => {
    const refuse = async () => {
      throw new DOMException('no', name);
    };
    await expect(obtainPushSubscription(managerThat(refuse), key)).rejects.toMatchObject({
      name: 'FanfareError',
      code,
      cause: { name },
    });
  });
});
