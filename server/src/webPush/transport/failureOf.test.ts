import { BlockedAddressError } from '../../egress/guardedLookup';
import { connectTimedOut, failureOf } from './failureOf';

const coded = (code: string): Error => Object.assign(new Error(code), { code });

test.each([
  [new BlockedAddressError(), 'blocked-address'],
  [coded('ENOTFOUND'), 'dns'],
  [coded('EAI_AGAIN'), 'dns'],
  [coded('ECONNREFUSED'), 'refused'],
  [coded('ENETUNREACH'), 'refused'],
  [connectTimedOut(), 'timeout'],
  [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls'],
  [coded('CERT_HAS_EXPIRED'), 'tls'],
  [coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'tls'],
  [coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls'],
  [coded('ERR_SSL_WRONG_VERSION_NUMBER'), 'tls'],
  [coded('EPROTO'), 'tls'],
  [coded('HPE_INVALID_CONSTANT'), 'protocol'],
  [coded('ERR_HTTP2_ERROR'), 'protocol'],
  [new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]), 'refused'],
  [coded('ECONNRESET'), 'reset'],
  [coded('EPIPE'), 'reset'],
  [new Error('no code'), 'reset'],
  [undefined, 'reset'],
])('%s is %s', (error, expected) => {
  expect(failureOf(error, 'reset')).toBe(expected);
});

test('an unknown error before anything was sent is refused', () => {
  expect(failureOf(coded('ECONNRESET'), 'refused')).toBe('refused');
});
