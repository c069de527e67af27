import { type Application, firstSettings, isComplete, settingsFrom, settingsInput } from './settingsDraft';

const icon = 'https://shop.example/i.png';
const stored: Application = {
  ...{ id: 'app_1', name: 'shop', stoppedAt: null, createdAt: '2026-01-01T00:00:00.000Z' },
  ...{ requireUserProof: true, canProveUsers: false, redactContent: false },
  ...{ allowedOrigins: ['https://shop.example'], requestsPerMinute: 600, subscriptionsPerUser: null },
  ...{ subscriptionsMost: null, staleAfterDays: 90, protectedTags: ['staff:*'] },
  ...{ verifySubscriptions: true, welcome: { title: 'Welcome', icon } },
};
const known = settingsFrom(stored);

describe('settings of an application', () => {
  test('that nobody touched change nothing', () => {
    expect(settingsInput(known, known)).toEqual({});
    expect(settingsInput(firstSettings, firstSettings)).toEqual({});
  });

  test.each([
    [{ allowedOrigins: [] }, { allowedOrigins: null }],
    [{ allowedOrigins: ['https://a.example'] }, { allowedOrigins: ['https://a.example'] }],
    [{ requestsPerMinute: '' as const }, { requestsPerMinute: null }],
    [{ subscriptionsMost: 5_000 }, { subscriptionsMost: 5_000 }],
    [{ staleAfterDays: '' as const }, { staleAfterDays: null }],
    [{ protectedTags: [] }, { protectedTags: null }],
    [{ protectedTags: ['board'] }, { protectedTags: ['board'] }],
    [{ subscriptionsPerUser: 5 }, { subscriptionsPerUser: 5 }],
    [{ sendsWelcome: false }, { welcome: null }],
    [{ sendsWelcome: false, welcome: { ...known.welcome, title: 'Hello' } }, { welcome: null }],
    [{ welcome: { ...known.welcome, title: ' ' } }, {}],
    [{ welcome: { ...known.welcome, title: 'Hello' } }, { welcome: { title: 'Hello', icon } }],
    [{ verifySubscriptions: false }, { verifySubscriptions: false }],
    [{ redactContent: true }, { redactContent: true }],
  ])('%j becomes %j', (change, input) => {
    expect(settingsInput({ ...known, ...change }, known)).toEqual(input);
  });

  test('need a title for a welcome, and none without one', () => {
    const untitled = { ...known, welcome: { ...known.welcome, title: ' ' } };
    expect(isComplete(known)).toBe(true);
    expect(isComplete(untitled)).toBe(false);
    expect(isComplete({ ...untitled, sendsWelcome: false })).toBe(true);
  });
});
