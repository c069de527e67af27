import { parse } from 'graphql';
import { refuseCostly, refuseDeep } from './queryCost';

const check = (source: string, variables: Record<string, unknown> = {}) =>
  refuseCostly(parse(source), undefined, variables);
const rows = (first: string, fields: number) =>
  `notifications(${first}) { edges { node { ${Array.from({ length: fields }, (_, n) => `f${n}`)} } } }`;
const tooComplex = expect.objectContaining({ code: 'QUERY_TOO_COMPLEX' });

describe('what a query may cost', () => {
  test.each([
    ['the largest page of everything', `{ ${rows('first: 100', 30)} }`],
    [
      'twenty notifications with their deliveries',
      '{ notifications(first: 20) { edges { node { deliveries(first: 100) { edges { node { id status reason attempts pushService subscription { id userId } } } } } } } }',
    ],
    ['many names of a cheap field', `{ ${Array.from({ length: 200 }, (_, n) => `a${n}: vapidPublicKey`)} }`],
  ])('%s is fine', (_name, source) => {
    expect(() => check(source)).not.toThrow();
  });

  test.each([
    [
      'lists within lists',
      `{ notifications(first: 100) { edges { node { deliveries(first: 100) { edges { node { id status reason } } } } } } }`,
    ],
    [
      'the same in fragments',
      `{ ...a } fragment a on Query { notifications(first: 100) { edges { node { ...b } } } } fragment b on Notification { ... on Notification { deliveries(first: 100) { edges { node { id status reason } } } } }`,
    ],
    ['a thousand names', `{ ${Array.from({ length: 1_000 }, (_, n) => `a${n}: vapidPublicKey`)} }`],
    [
      'fragments that double up',
      `{ ...a0 ...a0 } ${Array.from({ length: 30 }, (_, n) => `fragment a${n} on Query { ...a${n + 1} ...a${n + 1} }`).join(' ')} fragment a30 on Query { vapidPublicKey }`,
    ],
  ])('%s is refused', (_name, source) => {
    expect(() => check(source)).toThrow(tooComplex);
  });

  test('a variable counts as what it says, and one that cannot be told as the most', () => {
    const nested = `query ($n: Int) { notifications(first: $n) { edges { node { ${rows('first: 100', 8)} } } } }`;
    expect(() => check(nested, { n: 1 })).not.toThrow();
    expect(() => check(nested, { n: 100 })).toThrow(tooComplex);
    expect(() => check(nested)).toThrow(tooComplex);
    expect(() => check(nested, { n: -5 })).toThrow(tooComplex);
  });

  test('a fragment that spreads itself comes to an end', () => {
    expect(() => check('{ ...a } fragment a on Query { vapidPublicKey ...a }')).not.toThrow();
  });
});

describe('how deep a document may be', () => {
  test.each([
    ['braces', '{a'.repeat(2_000)],
    ['brackets', `{ a(b: ${'['.repeat(2_000)}`],
    ['tokens', '{a}'.repeat(4_000)],
  ])('too many %s are refused', (_name, text) => {
    expect(() => refuseDeep(text)).toThrow(tooComplex);
  });

  test.each([
    ['braces in a text', `{ a(b: "${'{'.repeat(5_000)}") }`],
    ['many fields', `{ ${'a {b} '.repeat(1_000)} }`],
  ])('%s are fine', (_name, text) => {
    expect(() => refuseDeep(text)).not.toThrow();
  });
});
