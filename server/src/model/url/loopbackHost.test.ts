import { isLoopbackHost } from './loopbackHost';

test.each(['localhost', 'LOCALHOST', 'demo.localhost', '127.0.0.1', '127.8.9.10', '::1', '[::1]'])(
  '%s is this machine',
  (host) => expect(isLoopbackHost(host)).toBe(true),
);

test.each([
  'localhost.example.com',
  'notlocalhost',
  '127.example.com',
  '127.0.0.1.nip.io',
  '0.0.0.0',
  '::',
  '10.0.0.1',
])('%s is not', (host) => expect(isLoopbackHost(host)).toBe(false));
