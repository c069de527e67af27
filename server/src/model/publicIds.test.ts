import { PublicIds } from './publicIds';

const ids = new PublicIds('salt');

test.each([1, 2, 999_999, Number.MAX_SAFE_INTEGER])('%i comes back', (id) => {
  expect(ids.decodeOne('subscription', ids.encode('subscription', id))).toBe(id);
});

test('a delivery is named by two numbers', () => {
  expect(ids.decode('delivery', ids.encode('delivery', 7, 9))).toEqual([7, 9]);
});

test('ids have one length up to billions, so that a payload can be measured beforehand', () => {
  const lengths = [1, 1_000, 1_000_000, 1_000_000_000_000].map((id) => ids.encode('notification', id).length);
  expect(new Set(lengths).size).toBe(1);
});

test('neighbours do not look alike, and another installation names them differently', () => {
  expect(ids.encode('subscription', 1).slice(0, 8)).not.toBe(ids.encode('subscription', 2).slice(0, 8));
  expect(new PublicIds('pepper').encode('subscription', 1)).not.toBe(ids.encode('subscription', 1));
});

const good = ids.encode('notification', 5);
test.each([
  ['another kind', ids.encode('subscription', 5)],
  ['no prefix', good.slice(4)],
  ['a changed letter', `${good.slice(0, -1)}${good.endsWith('a') ? 'b' : 'a'}`],
  ['a letter more', `${good}a`],
  ['letters that are none', 'ntf_!!!!!!!!!!!!'],
  ['nothing', ''],
  ['only a prefix', 'ntf_'],
  ['far too much', `ntf_${'a'.repeat(5_000)}`],
  ['two numbers where one belongs', ids.encode('notification', 5, 6)],
])('%s is no id', (_what, id) => {
  expect(ids.decodeOne('notification', id)).toBeUndefined();
});
