import { hasManyHosts, hostMatches, pushServiceName } from './pushServiceName';

test.each([
  ['fcm.googleapis.com', 'fcm'],
  ['jmt17.google.com', 'fcm'],
  ['updates.push.services.mozilla.com', 'mozilla'],
  ['autopush.stage.push.services.mozilla.com', 'autopush.stage.push.services.mozilla.com'],
  ['x1.push.apple.com', 'x1.push.apple.com'],
  ['web.push.apple.com', 'apple'],
  ['wns2-par02p.notify.windows.com', 'wns'],
  ['ntfy.sh', 'ntfy.sh'],
  ['localhost:9443', 'localhost:9443'],
  ['web.push.apple.com:8443', 'web.push.apple.com:8443'],
])('%s is %s', (host, name) => {
  expect(pushServiceName(host)).toBe(name);
});

test.each([
  ['.example.org', 'a.example.org', true],
  ['.example.org', 'example.org', false],
  ['.example.org', '.example.org', false],
  ['.example.org', 'aexample.org', false],
  ['example.org', 'example.org', true],
  ['example.org', 'a.example.org', false],
])('the pattern %s and %s: %s', (pattern, host, expected) => {
  expect(hostMatches(pattern, host)).toBe(expected);
});

test('only WNS has many hosts under one name', () => {
  expect(['fcm', 'mozilla', 'apple', 'wns', 'ntfy.sh'].filter(hasManyHosts)).toEqual(['wns']);
});
