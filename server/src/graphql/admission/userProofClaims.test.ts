import fc from 'fast-check';
import { errors, type JWTPayload } from 'jose';
import { jwtFault, maxLifetimeDays, readClaims } from './userProofClaims';

const now = 1_800_000_000;
const day = 24 * 3_600;
const read = (claims: object) => readClaims(claims as JWTPayload, now, 30);
const soon = { exp: now + 300 };

describe('the claims of a token', () => {
  test.each([
    ['a subject', { ...soon, sub: 'ada' }],
    ['an audience that is us', { ...soon, sub: 'ada', aud: 'fanfare' }],
    ['us among other audiences', { ...soon, sub: 'ada', aud: [null, 7, 'fanfare'] }],
    ['an expiry as late as it may be', { sub: 'ada', exp: now + maxLifetimeDays * day }],
  ])('with %s name the user', (_name, claims) => {
    expect(read(claims)).toEqual({ userId: 'ada' });
  });

  test.each([
    ['a number as sub', { ...soon, sub: 12345 }, /"sub" .*string/],
    ['true as sub', { ...soon, sub: true }, /"sub" .*string/],
    ['an object as sub', { ...soon, sub: {} }, /"sub" .*string/],
    ['a list as sub', { ...soon, sub: ['ada'] }, /"sub" .*string/],
    ['null as sub', { ...soon, sub: null }, /"sub" .*string/],
    ['no sub', soon, /"sub" .*string/],
    ['an empty sub', { ...soon, sub: '' }, /not a user id/],
    ['an expiry in a hundred years', { sub: 'ada', exp: now + 36_500 * day }, /31 days/],
    ['an expiry just too late', { sub: 'ada', exp: now + maxLifetimeDays * day + 31 }, /31 days/],
    ['an infinite expiry', { sub: 'ada', exp: JSON.parse('1e999') }, /31 days/],
    ['an expiry that is not a number', { sub: 'ada', exp: Number.NaN }, /31 days/],
    ['an expiry as text', { sub: 'ada', exp: String(now) }, /31 days/],
    ['another audience', { ...soon, sub: 'ada', aud: 'billing' }, /"aud"/],
    ['a number as audience', { ...soon, sub: 'ada', aud: 7 }, /"aud"/],
    ['null as audience', { ...soon, sub: 'ada', aud: null }, /"aud"/],
    ['nested audiences', { ...soon, sub: 'ada', aud: [['fanfare']] }, /"aud"/],
  ])('with %s are refused in words', (_name, claims, fault) => {
    expect(read(claims)).toEqual({ fault: expect.stringMatching(fault) });
  });

  test('of any type give a user id that was text, or a sentence', () => {
    const claims = fc.record(
      { sub: fc.oneof(fc.jsonValue(), fc.constant('ada')), exp: fc.jsonValue(), aud: fc.jsonValue() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(claims, (some) => {
        const result = read(some);
        if ('fault' in result) expect(result.fault).toMatch(/^The /);
        else expect(result.userId).toBe(some.sub);
      }),
    );
  });
});

test.each([
  [new errors.JWTExpired('', {}, 'exp'), 'expired'],
  [new errors.JWTClaimValidationFailed('', {}, 'exp', 'missing'), 'no "exp"'],
  [new errors.JWTClaimValidationFailed('', {}, 'iat', 'invalid'), '"iat" claim .* number'],
  [new errors.JWTClaimValidationFailed('', {}, 'nbf', 'check_failed'), 'not valid yet'],
  [new errors.JWSSignatureVerificationFailed(), 'not valid'],
])('%s is told in words', (error, words) => {
  expect(jwtFault(error)).toMatch(new RegExp(words));
});
