import { type Application, firstSettings, settingsFrom, settingsInput } from './settingsDraft';

const icon = 'https://shop.example/i.png';
const stored: Application = {
  ...{ id: 'app_1', name: 'shop', createdAt: '2026-01-01T00:00:00.000Z' },
  ...{ requireUserProof: true, canProveUsers: false, redactContent: false },
  ...{ allowedOrigins: ['https://shop.example'], requestsPerMinute: 600, subscriptionsPerUser: null },
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
    [{ subscriptionsPerUser: 5 }, { subscriptionsPerUser: 5 }],
    [{ welcome: { ...known.welcome, title: ' ' } }, { welcome: null }],
    [{ welcome: { ...known.welcome, title: 'Hello' } }, { welcome: { title: 'Hello', icon } }],
    [{ verifySubscriptions: false }, { verifySubscriptions: false }],
    [{ redactContent: true }, { redactContent: true }],
  ])('%j becomes %j', (change, input) => {
    expect(settingsInput({ ...known, ...change }, known)).toEqual(input);
  });
});
