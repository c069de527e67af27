import { parsePushHosts } from '../egress/pushHostPolicy';
import { CheckedOrigins } from './checkedOrigins';

const origins = new CheckedOrigins(parsePushHosts('localhost:9443'));

test.each([
  ['https://fcm.googleapis.com/fcm/send/abc:def', 'https://fcm.googleapis.com', '/fcm/send/abc:def'],
  [
    'https://wns2-par02p.notify.windows.com/w/?token=a%2fb',
    'https://wns2-par02p.notify.windows.com',
    '/w/?token=a%2fb',
  ],
  ['http://localhost:9443/wpush/v2/x', 'http://localhost:9443', '/wpush/v2/x'],
])('%s is split', (endpoint, origin, path) => {
  expect(origins.split(endpoint)).toEqual({ origin, path });
  expect(origins.split(endpoint)).toEqual({ origin, path });
});

test.each([
  'https://evil.example/fcm.googleapis.com/',
  'https://fcm.googleapis.com',
  'https://fcm.googleapis.com.evil.example/x',
  'https://user@fcm.googleapis.com/x',
  'https://fcm.googleapis.com:8443/x',
  'http://fcm.googleapis.com/x',
  'https://127.0.0.1/x',
  'https://FCM.googleapis.com/x',
  'nonsense',
  '',
])('%s is refused, also the second time', (endpoint) => {
  expect(origins.split(endpoint)).toBeUndefined();
  expect(origins.split(endpoint)).toBeUndefined();
});
