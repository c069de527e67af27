import { answerAt, pathAnswering } from './vendorAnswers';

test.each([
  ['mozilla-mismatch', 401, /"errno":109.*VAPID public key mismatch/],
  ['fcm-unauthenticated', 401, /UNAUTHENTICATED/],
  ['apns-forbidden', 403, /MissingProviderToken/],
  ['bad-request', 400, /^$/],
  ['method-not-allowed', 405, /^$/],
  ['server-error', 503, /^$/],
] as const)('an endpoint that answers %s: %i', (name, status, body) => {
  expect(answerAt(pathAnswering(name, 7))).toEqual({ status, body: expect.stringMatching(body) });
});

test('one that never answers, one that nobody knows, and the browsers of the run', () => {
  expect(answerAt(pathAnswering('silent', 7))).toBeUndefined();
  expect(answerAt('/answers/other/7')).toMatchObject({ status: 404 });
  expect(answerAt('/wpush/v2/7-xxx')).toBe('well');
});

test('endpoints with the same answer differ', () => {
  expect(pathAnswering('silent', 1)).not.toBe(pathAnswering('silent', 2));
});
