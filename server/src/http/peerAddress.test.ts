import type { IncomingMessage } from 'node:http';
import { isLoopback, peerAddress } from './peerAddress';

const from = (forwarded: string | undefined) =>
  ({
    headers: { 'x-forwarded-for': forwarded },
    socket: { remoteAddress: '10.0.0.1' },
  }) as unknown as IncomingMessage;

test.each([
  [undefined, 0, '10.0.0.1'],
  [undefined, 2, '10.0.0.1'],
  ['198.51.100.1', 0, '10.0.0.1'],
  ['198.51.100.1', 1, '198.51.100.1'],
  ['1.1.1.1, 198.51.100.1', 1, '198.51.100.1'],
  ['1.1.1.1, 198.51.100.1', 2, '1.1.1.1'],
  ['198.51.100.1', 5, '198.51.100.1'],
  [' , ', 1, ''],
  ['', 1, ''],
  ['1.1.1.1, ', 1, ''],
  ['1.1.1.1, unknown', 1, 'unknown'],
  ['198.51.100.1', 2, '198.51.100.1'],
])('%s behind %i proxies is %s', (forwarded, proxies, address) => {
  expect(peerAddress(from(forwarded), proxies)).toBe(address);
});

test.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])('%s is this machine', (address) => {
  expect(isLoopback(address)).toBe(true);
});

test.each([
  '192.168.1.4',
  '10.0.0.1',
  '0.0.0.0',
  '::',
  '::ffff:10.0.0.1',
  'fe80::1',
  'localhost',
  '',
  undefined,
])('%s is not this machine', (address) => {
  expect(isLoopback(address)).toBe(false);
});
