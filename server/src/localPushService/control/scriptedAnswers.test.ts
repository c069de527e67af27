import { ScriptedAnswers } from './scriptedAnswers';

const host = 'localhost:9443';

it('plays scripts in the order they were given, each as often as it says', () => {
  const scripts = new ScriptedAnswers();
  scripts.add({ status: 503, times: 2 });
  scripts.add({ status: 429, times: 1 });
  const statuses = [1, 2, 3, 4].map(() => scripts.take('a', host)?.status);
  expect(statuses).toEqual([503, 503, 429, undefined]);
});

it.each([
  ['everything', {}, true],
  ['the token', { subscription: 'a' }, true],
  ['the endpoint', { subscription: 'http://localhost:9443/wpush/v2/a' }, true],
  ['another token', { subscription: 'b' }, false],
  ['the host', { host }, true],
  ['another host', { host: '127.0.0.1:9443' }, false],
  ['the token at another host', { subscription: 'a', host: '127.0.0.1:9443' }, false],
])('a script for %s', (_, matcher, expected) => {
  const scripts = new ScriptedAnswers();
  scripts.add({ ...matcher, status: 500 });
  expect(scripts.take('a', host) !== undefined).toBe(expected);
});

it('plays until cleared when no number is given', () => {
  const scripts = new ScriptedAnswers();
  scripts.add({ status: 500 });
  for (let n = 0; n < 100; n += 1) expect(scripts.take('a', host)?.status).toBe(500);
  scripts.clear();
  expect(scripts.take('a', host)).toBeUndefined();
});
