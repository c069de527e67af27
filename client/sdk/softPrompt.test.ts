import { createSoftPrompt } from './softPrompt';

const DAY_MS = 24 * 60 * 60 * 1000;
const scope = 'https://a.example/sdk/';

/** A browser in which this person has not been asked, unless the permission says otherwise. */
function pretend(permission: string, localStorage: object): void {
  Object.defineProperty(globalThis, 'navigator', {
    value: { serviceWorker: { getRegistration: async () => undefined } },
    configurable: true,
  });
  Object.defineProperty(globalThis, 'localStorage', { value: localStorage, configurable: true });
  Object.assign(globalThis, { PushManager: 1, Notification: { permission } });
}

function storage(): object {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  };
}

describe('the soft prompt', () => {
  let now = Date.now();

  beforeEach(() => {
    jest.spyOn(Date, 'now').mockImplementation(() => now);
  });

  afterEach(() => {
    jest.restoreAllMocks();
    for (const name of ['navigator', 'localStorage', 'Notification', 'PushManager']) {
      Reflect.deleteProperty(globalThis, name);
    }
  });

  it.each([
    ['default', true],
    ['denied', false],
  ])('with the permission %s: %s', async (permission, expected) => {
    pretend(permission, storage());
    expect(await createSoftPrompt(scope).shouldAsk()).toBe(expected);
  });

  it.each([
    ['30 days by default', undefined, 30],
    ['as many days as the page wants', 7, 7],
  ])('a no holds %s', async (_, remindAfterDays, days) => {
    pretend('default', storage());
    const prompt = createSoftPrompt(scope, remindAfterDays === undefined ? {} : { remindAfterDays });
    prompt.dismiss();
    now += days * DAY_MS - 1;
    expect(await prompt.shouldAsk()).toBe(false);
    now += 1;
    expect(await prompt.shouldAsk()).toBe(true);
  });

  it('a no holds for as long when the clock is set back by a year', async () => {
    pretend('default', storage());
    const prompt = createSoftPrompt(scope);
    prompt.dismiss();
    now -= 365 * DAY_MS;
    expect(await prompt.shouldAsk()).toBe(false);
    now += 30 * DAY_MS;
    expect(await prompt.shouldAsk()).toBe(true);
  });

  it('a no in one scope is none in another', async () => {
    pretend('default', storage());
    createSoftPrompt('https://a.example/other/').dismiss();
    expect(await createSoftPrompt(scope).shouldAsk()).toBe(true);
  });

  it('nobody is asked where a no could not be remembered', async () => {
    const refuse = () => {
      throw new Error('SecurityError');
    };
    pretend('default', { getItem: refuse, setItem: refuse });
    const prompt = createSoftPrompt(scope);
    prompt.dismiss();
    expect(await prompt.shouldAsk()).toBe(false);
  });
});
