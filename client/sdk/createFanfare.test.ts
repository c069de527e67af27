import { createFanfare } from './createFanfare';
import { type FanfareState, readState } from './fanfareState';

jest.mock('./inStore', () => jest.requireActual('../test/memoryStore'));
jest.mock('./fanfareState', () => {
  const actual = jest.requireActual<typeof import('./fanfareState')>('./fanfareState');
  return { ...actual, readState: jest.fn(actual.readState) };
});

describe('createFanfare on a server that renders the page', () => {
  beforeEach(() => Object.defineProperty(globalThis, 'navigator', { value: undefined, configurable: true }));
  afterEach(() => Reflect.deleteProperty(globalThis, 'navigator'));

  it('needs no browser and can do nothing', async () => {
    const fanfare = createFanfare({ url: '/graphql', key: 'fp_1' });
    expect([fanfare.state, fanfare.permission]).toEqual(['unsupported', 'unsupported']);
    await expect(fanfare.subscribe()).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    expect(await fanfare.softPrompt().shouldAsk()).toBe(false);
  });
});

describe('The state', () => {
  beforeEach(() => Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true }));
  afterEach(() => Reflect.deleteProperty(globalThis, 'navigator'));

  it('is what was read last, however long an earlier reading takes', async () => {
    let answerFirst = (_: FanfareState) => {};
    const first = new Promise<FanfareState>((resolve) => {
      answerFirst = resolve;
    });
    jest.mocked(readState).mockReturnValueOnce(first).mockResolvedValueOnce('unsubscribed');
    const fanfare = createFanfare({ url: '/graphql', key: 'fp_1' });
    const acts = [fanfare.unsubscribe(), fanfare.unsubscribe()];
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    answerFirst('subscribed');
    await Promise.all(acts);
    expect(fanfare.state).toBe('unsubscribed');
  });
});
