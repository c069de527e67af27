import { newIdSalt, PublicIds } from './publicIds';

const encrypted = new PublicIds('v2:salt');
const shuffled = new PublicIds('salt');

describe.each([
  ['encrypted', encrypted, new PublicIds('v2:pepper')],
  ['shuffled', shuffled, new PublicIds('pepper')],
])('%s ids', (_scheme, ids, elsewhere) => {
  test.each([1, 2, 999_999, Number.MAX_SAFE_INTEGER])('%i comes back', (id) => {
    expect(ids.decodeOne('subscription', ids.encode('subscription', id))).toBe(id);
  });

  test('a delivery is named by two numbers', () => {
    expect(ids.decode('delivery', ids.encode('delivery', 7, 9))).toEqual([7, 9]);
  });

  test('ids have one length up to billions, so that a payload can be measured beforehand', () => {
    const numbers = [1, 1_000, 1_000_000, 1_000_000_000_000];
    const lengths = numbers.map((id) => ids.encode('notification', id).length);
    expect(new Set([...lengths, ids.sampleNotification.length]).size).toBe(1);
  });

  test('neighbours do not look alike, and another installation names them differently', () => {
    expect(ids.encode('subscription', 1).slice(0, 8)).not.toBe(ids.encode('subscription', 2).slice(0, 8));
    expect(elsewhere.encode('subscription', 1)).not.toBe(ids.encode('subscription', 1));
  });

  const good = ids.encode('notification', 5);
  test.each([
    ['another kind', ids.encode('subscription', 5)],
    ['no prefix', good.slice(4)],
    ['a changed letter', `${good.slice(0, -1)}${good.endsWith('a') ? 'b' : 'a'}`],
    ['a letter more', `${good}a`],
    ['a letter less', good.slice(0, -1)],
    ['foreign letters', `ntf_${'!'.repeat(good.length - 4)}`],
    ['the largest letters', `ntf_${'z'.repeat(good.length - 4)}`],
    ['nothing', ''],
    ['only a prefix', 'ntf_'],
    ['far too much', `ntf_${'a'.repeat(5_000)}`],
    ['two numbers where one belongs', ids.encode('notification', 5, 6)],
    ['another installation', elsewhere.encode('notification', 5)],
  ])('%s is no id', (_what, id) => {
    expect(ids.decodeOne('notification', id)).toBeUndefined();
  });
});

test.each([
  ['notification', [1], 'ntf_DtMiFVjPYlNz'],
  ['notification', [999_999], 'ntf_DL1ZNMiFVjPY'],
  ['delivery', [7, 9], 'dlv_EQfMBfzA7FRK'],
  ['application', [3], 'app_yBXuC7nPXqIJ'],
] as const)('an earlier installation keeps its ids: %s %j is %s', (kind, numbers, id) => {
  expect(shuffled.encode(kind, ...numbers)).toBe(id);
  expect(shuffled.decode(kind, id)).toEqual(numbers);
});

test('a new installation encrypts', () => {
  const id = new PublicIds(newIdSalt()).encode('notification', 1);
  expect(id).toMatch(/^ntf_[0-9A-Za-z]{22}$/);
});

test('an encrypted id with the prefix of another kind is not an id of that kind', () => {
  const letters = encrypted.encode('subscription', 5).slice(4);
  expect(encrypted.decodeOne('notification', `ntf_${letters}`)).toBeUndefined();
  expect(encrypted.decode('delivery', `dlv_${letters}`)).toBeUndefined();
});
