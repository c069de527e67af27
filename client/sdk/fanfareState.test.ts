import { readStateNow } from './fanfareState';

/** Puts a browser's globals in place, as far as the state is read from them. */
function pretend(navigator: object, globals: object): void {
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  Object.assign(globalThis, globals);
}

describe('readStateNow', () => {
  afterEach(() => {
    for (const name of ['navigator', 'Notification', 'PushManager']) Reflect.deleteProperty(globalThis, name);
  });

  const worker = { serviceWorker: {} };
  it.each([
    ['prompt', worker, { PushManager: 1, Notification: { permission: 'default' } }],
    ['denied', worker, { PushManager: 1, Notification: { permission: 'denied' } }],
    ['unsubscribed', worker, { PushManager: 1, Notification: { permission: 'granted' } }],
    ['unsupported', worker, { Notification: { permission: 'granted' } }],
    ['unsupported', {}, { PushManager: 1, Notification: { permission: 'granted' } }],
    ['needs-install', { ...worker, standalone: false }, { PushManager: 1 }],
    ['prompt', { ...worker, standalone: true }, { PushManager: 1, Notification: { permission: 'default' } }],
    ['prompt', { ...worker, standalone: false }, { PushManager: 1, Notification: { permission: 'default' } }],
  ])('is %s for %j with %j', (expected, navigator, globals) => {
    pretend(navigator, globals);
    expect(readStateNow()).toBe(expected);
  });
});
