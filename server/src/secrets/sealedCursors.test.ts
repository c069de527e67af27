import { MasterSecret } from './masterSecret';
import { SealedCursors } from './sealedCursors';

const today = 'the secret of today, thirty-two long';
const before = 'the secret there was, thirty-two long';
const cursors = new SealedCursors(new MasterSecret(today));
const list = cursors.of('notifications', 7);

test.each([[[1]], [[Number.MAX_SAFE_INTEGER]], [[12, 34]]])('%j comes back', (position) => {
  expect(list.open(list.seal(position))).toEqual(position);
});

test('equal positions have equal cursors, neighbours share nothing', () => {
  expect(list.seal([1])).toBe(cursors.of('notifications', 7).seal([1]));
  const bytes = [1, 2].map((position) => Buffer.from(list.seal([position]), 'base64url'));
  const equalBytes = bytes[0]?.filter((byte, index) => byte === bytes[1]?.[index]).length ?? 24;
  expect(equalBytes).toBeLessThan(6);
});

const good = list.seal([5]);
test.each([
  ['another list', cursors.of('auditLog', 7).seal([5])],
  ['the list of another application', cursors.of('notifications', 8).seal([5])],
  ['a list whose scope reads alike', cursors.of('notifications,7').seal([5])],
  ['another installation', new SealedCursors(new MasterSecret(before)).of('notifications', 7).seal([5])],
  ['the format without encryption', Buffer.from('id:5').toString('base64url')],
  ['a changed first letter', `${good.startsWith('A') ? 'B' : 'A'}${good.slice(1)}`],
  ['a changed last letter', `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`],
  ['one letter less', good.slice(0, -1)],
  ['one letter more', `${good}A`],
  ['padding', `${good}=`],
  ['nothing', ''],
  ['an empty position', list.seal([])],
  ['nonsense', '!'.repeat(good.length)],
  ['far too much', 'A'.repeat(100_000)],
])('a cursor of %s is refused', (_what, cursor) => {
  expect(list.open(cursor)).toBeUndefined();
});

test('while the secret changes, cursors of both are valid, and new ones are sealed with the new secret', () => {
  const both = new SealedCursors(new MasterSecret(today, before)).of('notifications', 7);
  const old = new SealedCursors(new MasterSecret(before)).of('notifications', 7);
  expect(both.open(old.seal([5]))).toEqual([5]);
  expect(both.open(both.seal([5]))).toEqual([5]);
  expect(both.seal([5])).toBe(good);
});
