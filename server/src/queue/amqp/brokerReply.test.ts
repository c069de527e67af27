import { brokerReply } from './brokerReply';

test.each<[string, string, string | RegExp | undefined]>([
  [
    'a wrong password',
    'Handshake terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused"',
    '403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused"',
  ],
  [
    'a queue of another type',
    'Operation failed: QueueDeclare; 406 (PRECONDITION-FAILED) with message "PRECONDITION_FAILED - inequivalent arg: x"',
    /^406 \(PRECONDITION-FAILED\) with message "PRECONDITION_FAILED - inequivalent arg: x"$/,
  ],
  [
    'a missing virtual host',
    'Expected ConnectionOpenOk; got <ConnectionClose channel:0>',
    /^530 .*virtual host/,
  ],
  ['a broker that is away', 'connect ECONNREFUSED 127.0.0.1:5672', undefined],
  ['a broken connection', 'Unexpected close', undefined],
])('%s', (_what, message, expected) => {
  const reply = brokerReply(new Error(message));
  if (expected instanceof RegExp) expect(reply).toMatch(expected);
  else expect(reply).toBe(expected);
});

test('a long reply is cut', () => {
  expect(brokerReply(new Error(`X: 406 (P) with message "${'x'.repeat(10_000)}"`))).toHaveLength(500);
});
