import type { DeclarativePushEvent } from './pushMessage';
import { readPushMessage } from './readPushMessage';

/** A push event as far as it is read: text for most browsers, `notification` for Safari. */
function pushEvent(text: string | null, members: object = {}): DeclarativePushEvent {
  const data = text === null ? null : { text: () => text };
  return { data, ...members } as unknown as DeclarativePushEvent;
}

const read = (notification: object, members: object = {}) =>
  readPushMessage(pushEvent(JSON.stringify({ web_push: 8030, notification, ...members })), 'shop.example');

describe('readPushMessage', () => {
  it('takes over every option that is there and leaves out those that are null', () => {
    const options = {
      body: 'b',
      dir: 'rtl',
      lang: 'ar',
      tag: 't',
      icon: '/i.png',
      image: '/m.png',
      badge: '/b.png',
      vibrate: [200, 100],
      timestamp: 1_700_000_000_000,
      renotify: true,
      requireInteraction: false,
    };
    expect(read({ title: 'T', ...options, silent: null, unknown: 1, mutable: true })).toEqual({
      title: 'T',
      options: { ...options, actions: [], data: { fanfare: { actions: {} } } },
      appBadge: undefined,
    });
  });

  it('moves the URLs of body and actions into the data, beside the receipt', () => {
    const { options } = read({
      title: 'T',
      navigate: 'https://a.example/',
      actions: [
        { action: 'x', title: 'X', navigate: 'https://a.example/x', icon: '/x.png' },
        { action: 'y', title: 'Y' },
      ],
      data: { order: 7, fanfare: { receipt: 'r', url: '/graphql' } },
    });
    expect(options).toEqual({
      actions: [
        { action: 'x', title: 'X', icon: '/x.png' },
        { action: 'y', title: 'Y' },
      ],
      data: {
        order: 7,
        fanfare: {
          receipt: 'r',
          url: '/graphql',
          navigate: 'https://a.example/',
          actions: { x: 'https://a.example/x' },
        },
      },
    });
  });

  it.each([
    ['at the top', {}, { app_badge: 3 }, 3],
    ['inside the notification', { app_badge: 4 }, {}, 4],
    ['at both places', { app_badge: 4 }, { app_badge: 3 }, 3],
    ['zero, which clears it', { app_badge: 0 }, {}, 0],
    ['of a wrong type', { app_badge: '5' }, {}, undefined],
  ])('reads an app badge %s', (_, inside, top, expected) => {
    expect(read({ title: 'T', ...inside }, top).appBadge).toBe(expected);
  });

  it("shows Safari's declared notification again, with the URL that Safari insists on", () => {
    // its members are getters of a prototype, as a browser's are
    class Declared {
      get title() {
        return 'T';
      }
      get body() {
        return 'b';
      }
      get navigate() {
        return 'https://a.example/';
      }
      get data() {
        return { fanfare: { receipt: 'r', url: '/graphql' } };
      }
    }
    const event = pushEvent(null, { notification: new Declared(), appBadge: 2 });
    expect(readPushMessage(event, 'shop.example')).toEqual({
      title: 'T',
      options: {
        body: 'b',
        navigate: 'https://a.example/',
        actions: [],
        data: {
          fanfare: { receipt: 'r', url: '/graphql', navigate: 'https://a.example/', actions: {} },
        },
      },
      appBadge: 2,
    });
  });

  it.each([
    ['no data', null],
    ['empty data', ''],
    ['bytes that are no text', undefined],
  ])('shows the fallback title for %s', (_, text) => {
    const event =
      text === undefined ? pushEvent('', { data: { text: () => JSON.parse('x') } }) : pushEvent(text);
    expect(readPushMessage(event, 'shop.example')).toMatchObject({
      title: 'shop.example',
      options: { body: '' },
    });
  });
});
