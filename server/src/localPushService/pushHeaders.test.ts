import { parseTopic, parseTtl, parseUrgency } from './pushHeaders';

/** The errno a check refuses with, or what it gave. */
function outcome<T>(check: () => T): T | { errno: number } {
  try {
    return check();
  } catch (error) {
    return { errno: (error as { errno: number }).errno };
  }
}

describe('TTL', () => {
  it.each([
    ['0', 0],
    ['60', 60],
    ['2592000', 2_592_000],
    ['2592001', 2_592_000],
    ['99999999999999999999', 2_592_000],
    [undefined, { errno: 111 }],
    ['', { errno: 111 }],
    ['1.5', { errno: 111 }],
    ['1e3', { errno: 111 }],
    ['60, 60', { errno: 111 }],
    ['soon', { errno: 111 }],
    ['-1', { errno: 114 }],
  ])('%p gives %p', (value, expected) => {
    expect(outcome(() => parseTtl(value))).toEqual(expected);
  });
});

describe('Urgency', () => {
  it.each([
    [undefined, 'normal'],
    ['very-low', 'very-low'],
    ['low', 'low'],
    ['normal', 'normal'],
    ['high', 'high'],
    ['HIGH', { errno: 999 }],
    ['very_low', { errno: 999 }],
    ['low, high', { errno: 999 }],
    ['', { errno: 999 }],
  ])('%p gives %p', (value, expected) => {
    expect(outcome(() => parseUrgency(value))).toEqual(expected);
  });
});

describe('Topic', () => {
  it.each([
    [undefined, false, undefined],
    ['news', false, 'news'],
    ['A-z_09', false, 'A-z_09'],
    ['t'.repeat(32), true, 't'.repeat(32)],
    ['t'.repeat(33), false, { errno: 113 }],
    ['', false, { errno: 113 }],
    ['bmV3cw==', false, { errno: 113 }],
    ['two words', false, { errno: 113 }],
    ['fünf', false, { errno: 113 }],
    ['score', false, 'score'],
    ['score', true, { errno: 113 }],
    ['news', true, 'news'],
  ])('%p with Apple rule %p gives %p', (value, appleRule, expected) => {
    expect(outcome(() => parseTopic(value, appleRule))).toEqual(expected);
  });
});
