import { isUndisturbed, latenessOf } from './lateness';

const usual = Array.from({ length: 50 }, (_, n) => 5 + n);

test.each([
  { what: 'nothing changes', attacked: usual, late: 0, missing: 0, undisturbed: true },
  { what: 'exactly a second later than the p99', attacked: [1_054], late: 0, missing: 0, undisturbed: true },
  { what: 'a little later than that', attacked: [5, 1_054.1], late: 1, missing: 0, undisturbed: false },
  { what: 'one is missing', attacked: [5, undefined], late: 0, missing: 1, undisturbed: false },
  { what: 'nothing was sent', attacked: [], late: 0, missing: 0, undisturbed: false },
])('$what', ({ attacked, late, missing, undisturbed }) => {
  const lateness = latenessOf(usual, attacked);
  expect(lateness).toMatchObject({ sent: attacked.length, late, missing, limitMs: 1_054 });
  expect(isUndisturbed(lateness)).toBe(undisturbed);
});

test('quantiles are of those that arrived', () => {
  expect(latenessOf(usual, [10, undefined, 20, 30])).toMatchObject({ p50: 20, p99: 30, slowest: 30 });
});

test.each([
  ['has a gap', [5, undefined]],
  ['is empty', []],
])('a baseline that %s says nothing', (_what, baseline) => {
  expect(() => latenessOf(baseline, usual)).toThrow('did not arrive before the attack');
});
