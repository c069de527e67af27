import { createFanfare } from './createFanfare';

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
