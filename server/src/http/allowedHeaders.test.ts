import { allowedHeaders } from './allowedHeaders';

const usual = 'authorization, content-type, x-fanfare-user, apollo-require-preflight';

test.each<[string, string | undefined, string]>([
  ['nothing', undefined, usual],
  [
    'tracing and client headers',
    'authorization,baggage, traceparent,sentry-trace',
    'authorization, baggage, traceparent, sentry-trace',
  ],
  ['a line break', 'a\r\nSet-Cookie: b', usual],
  ['an empty name', 'a,,b', usual],
  ['nothing but spaces', ' ', usual],
  ['more than 1,000 characters', 'a,'.repeat(600), usual],
])('asked for %s', (_name, asked, allowed) => {
  expect(allowedHeaders(asked)).toBe(allowed);
});
