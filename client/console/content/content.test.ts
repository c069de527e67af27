import { type ContentDraft, emptyContent } from './contentDraft';
import { addressFault, contentFaults } from './contentFaults';
import { contentFrom } from './contentFrom';
import { contentOf } from './contentOf';
import { fieldsInUse } from './fieldsInUse';
import { readData, readVibration } from './readFields';

const at = Date.UTC(2026, 0, 1, 10, 30, 15, 250);

/** Every field of NotificationContentInput, as the API takes it. */
const everything = {
  ...{ title: 'Kick-off', body: 'It begins.', navigate: 'https://match.example/' },
  ...{ icon: 'https://match.example/i.png', image: 'https://match.example/l.png' },
  ...{ badge: 'https://match.example/b.png', appBadge: 0, tag: 'match', renotify: true },
  ...{ requireInteraction: true, vibrate: [200, 100, 0], lang: 'ar', dir: 'RTL' as const },
  ...{ timestamp: new Date(at).toISOString(), data: { orderId: 42 } },
  actions: [
    {
      ...{ action: 'watch', title: 'Watch', navigate: 'https://match.example/live' },
      icon: 'https://match.example/watch.png',
    },
    { action: 'later', title: 'Later' },
  ],
};

/** The same as it is stored, in the words of browsers. */
const stored = {
  ...everything,
  dir: 'rtl',
  timestamp: at,
  data: { fanfare: { receipt: 'x' }, ...everything.data },
};

const written = (change: Partial<ContentDraft>) => ({ ...emptyContent, title: 'x', ...change });

describe('a content', () => {
  test('goes back with every field that it came with', () => {
    expect(contentOf(contentFrom(stored))).toEqual(everything);
    expect(contentOf(contentFrom({ title: 'T', silent: true }))).toEqual({ title: 'T', silent: true });
  });

  test('changes in the field that was changed, and no other', () => {
    expect(contentOf({ ...contentFrom(stored), body: ' It ends. ' })).toEqual({
      ...everything,
      body: 'It ends.',
    });
    const { icon: _, ...rest } = everything;
    expect(contentOf({ ...contentFrom(stored), icon: ' ' })).toEqual(rest);
  });

  test('is none without a title, or with a fault', () => {
    expect(contentOf(emptyContent)).toBeUndefined();
    expect(contentOf(written({ title: ' ' }))).toBeUndefined();
    expect(contentOf(written({ data: '[1]' }))).toBeUndefined();
    expect(contentOf(written({}))).toEqual({ title: 'x' });
  });

  test('leaves out buttons that nobody began, and names those without a name', () => {
    const button = { title: '', navigate: '', icon: '', action: '' };
    const actions = [
      { ...button, title: 'Open', navigate: ' https://example.org/ ' },
      button,
      { ...button, title: 'Later', action: 'action-1' },
    ];
    expect(contentOf(written({ actions }))?.actions).toEqual([
      { action: 'action-2', title: 'Open', navigate: 'https://example.org/' },
      { action: 'action-1', title: 'Later' },
    ]);
  });

  const begun = { title: '', navigate: 'https://example.org/', icon: '', action: '' };
  const twin = { title: 'Go', navigate: '', icon: '', action: 'go' };
  test.each<[Partial<ContentDraft>, (keyof ContentDraft)[]]>([
    [{}, []],
    [{ tag: 'a', renotify: true }, []],
    [{ tag: ' ', renotify: true }, ['renotify']],
    [{ vibrate: '200, 100 200' }, []],
    [{ vibrate: '200', silent: true }, ['vibrate']],
    [{ vibrate: '-1' }, ['vibrate']],
    [{ lang: 'de-AT' }, []],
    [{ lang: 'German!' }, ['lang']],
    [{ timestamp: '12026-01-01T10:00' }, ['timestamp']],
    [{ data: '{' }, ['data']],
    [{ actions: [begun] }, ['actions']],
    [{ actions: [twin, twin] }, ['actions']],
    [{ actions: [twin, { ...twin, action: '' }] }, []],
  ])('with %j has the faults %j', (change, faults) => {
    expect(Object.keys(contentFaults(written(change)))).toEqual(faults);
  });

  test('says which of the rarer fields it makes use of', () => {
    expect(fieldsInUse(written({ body: 'y', icon: 'z' }))).toEqual([]);
    expect(fieldsInUse(contentFrom(stored))).toEqual([
      ...['badge', 'number on the app', 'tag', 'alerting again', 'staying', 'vibration'],
      ...['language', 'direction', 'time', 'data'],
    ]);
  });
});

describe('a field', () => {
  test.each([
    ['', undefined],
    ['{}', {}],
    ['null', null],
    ['{', null],
  ])('reads the data %j', (text, value) => expect(readData(text)).toEqual(value));

  test.each([
    [' ', undefined],
    ['200,100, 0 10000', [200, 100, 0, 10_000]],
    ['10001', null],
    ['1.5', null],
    ['a', null],
    ['1,'.repeat(32), Array(32).fill(1)],
    ['1,'.repeat(33), null],
  ])('reads the vibration %j', (text, value) => expect(readVibration(text)).toEqual(value));

  test.each([
    ['', false],
    ['ht', false],
    ['https://', false],
    ['https://shop.example/a?b', false],
    ['http://shop.example', false],
    ['www.shop.example', true],
    ['https:/shop.example', true],
    ['ftp://shop.example', true],
    ['https://shop .example', true],
  ])('finds a fault in the address %j: %s', (text, faulty) => {
    expect(addressFault(text) !== undefined).toBe(faulty);
  });
});
