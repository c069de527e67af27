import { randomBytes } from 'node:crypto';
import { PublicIds } from '../../model/ids/publicIds';
import { parseRevocations, type Revocation, revocationLine } from './revocation';

const ids = new PublicIds('v2:salt');
const at = Date.UTC(2026, 10, 30, 21, 30);
const hash = randomBytes(32);

test.each<[string, Revocation]>([
  ['a key', { kind: 'api-key', rowId: 7 }],
  ['an application', { kind: 'application', rowId: 2 ** 50 }],
  ['a notification', { kind: 'notification', rowId: 1 }],
  ['a browser', { kind: 'push-subscription', rowId: 1 }],
  ['a VAPID key', { kind: 'vapid-key', rowId: 3 }],
  ['a browser that left its user', { kind: 'user-left', rowId: 9, at }],
  ['a person', { kind: 'person', applicationId: 1, user: { hash, erasedAt: at } }],
  ['a person by id', { kind: 'person', applicationId: 1, user: { id: 'ada "the first" \n' } }],
])('%s is read as it was written', (_what, revocation) => {
  expect(parseRevocations(`${revocationLine(revocation, ids)}\n`, ids)).toEqual([revocation]);
});

test('an empty file has none, and empty lines are nothing', () => {
  expect(parseRevocations('', ids)).toEqual([]);
  const line = revocationLine({ kind: 'api-key', rowId: 7 }, ids);
  expect(parseRevocations(`\n${line}\r\n\n${line}`, ids)).toHaveLength(2);
});

const key = ids.encode('apiKey', 7);
test.each([
  ['no JSON', 'key'],
  ['a cut line', `{"kind":"api-key","id":"${key}`],
  ['an array', `[]`],
  ['an unknown kind', `{"kind":"tag","id":"${key}"}`],
  ['an id of another kind', `{"kind":"application","id":"${key}"}`],
  [
    'an id of another installation',
    `{"kind":"api-key","id":"${new PublicIds('v2:other').encode('apiKey', 7)}"}`,
  ],
  ['more than is known', `{"kind":"api-key","id":"${key}","name":"shop"}`],
  ['a browser that left without a time', `{"kind":"user-left","id":"${ids.encode('subscription', 1)}"}`],
  ['a person of no application', `{"kind":"person","userId":"ada"}`],
  ['a person without an id', `{"kind":"person","application":"${ids.encode('application', 1)}","userId":""}`],
  [
    'a hash that is too short',
    `{"kind":"person","application":"${ids.encode('application', 1)}","userHash":"AAAA","at":"2026-11-30T21:30:00Z"}`,
  ],
])('%s: the whole file is refused, and the line is named', (_what, line) => {
  const good = revocationLine({ kind: 'api-key', rowId: 7 }, ids);
  expect(() => parseRevocations(`${good}\n${line}\n${good}`, ids)).toThrow(
    /this installation: line 2\. Nothing/,
  );
});

test('of many faulty lines the first ten are named', () => {
  expect(() => parseRevocations('x\n'.repeat(12), ids)).toThrow(
    'line 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more',
  );
});
