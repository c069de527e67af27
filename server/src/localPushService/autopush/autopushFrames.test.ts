import { parseBrowserFrame, readServerKey } from './autopushFrames';

const channelID = '1a2b3c4d-0000-4000-8000-123456789abc';

it.each([
  ['{}', 'ping'],
  ['{"messageType":"hello","broadcasts":{},"use_webpush":true}', 'hello'],
  ['{"messageType":"hello","uaid":"","use_webpush":true}', 'hello'],
  [`{"messageType":"register","channelID":"${channelID}","key":"BA=="}`, 'register'],
  [`{"messageType":"unregister","channelID":"${channelID}","code":200}`, 'unregister'],
  [`{"messageType":"ack","updates":[{"channelID":"${channelID}","version":"v","code":100}]}`, 'ack'],
  ['{"messageType":"nack","version":"v","code":302}', 'nack'],
  [
    '{"messageType":"broadcast_subscribe","broadcasts":{"remote-settings/monitor_changes":"1"}}',
    'broadcast_subscribe',
  ],
])('reads %s', (text, messageType) => {
  expect(parseBrowserFrame(text)?.messageType).toBe(messageType);
});

it.each([
  '',
  'hello',
  'null',
  '{"messageType":"shout"}',
  '{"messageType":"register"}',
  `{"messageType":"register","channelID":"${channelID.toUpperCase()}"}`,
  '{"messageType":"ack","updates":[{}]}',
])('does not read %p', (text) => {
  expect(parseBrowserFrame(text)).toBeUndefined();
});

it.each([
  ['none', undefined, undefined],
  ['an empty one', '', undefined],
  [
    'one with padding',
    `${Buffer.alloc(65, 4).toString('base64url')}=`,
    Buffer.alloc(65, 4).toString('base64url'),
  ],
  ['one too short', Buffer.alloc(64, 4).toString('base64url'), 'invalid'],
  ['a compressed point', Buffer.alloc(65, 2).toString('base64url'), 'invalid'],
])('takes as a key %s', (_, key, expected) => {
  expect(readServerKey(key)).toBe(expected);
});
