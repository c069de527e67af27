import type { RefusalCode } from '../../../src/model/refusal';

const many = (count: number, each: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => each(n)).join(' ');
const page =
  'notifications(first: 100) { edges { node { deliveries(first: 100) { edges { node { id } } } } } }';

/** Documents that want to keep a server busy, one of each kind, and what they are refused with. */
export const hostileDocuments: Array<[kind: string, document: string, code: RefusalCode]> = [
  ['braces without end', '{a'.repeat(4_900), 'QUERY_TOO_COMPLEX'],
  ['brackets without end', `{ a(b: ${'['.repeat(9_000)}`, 'QUERY_TOO_COMPLEX'],
  ['objects without end', `{ a(b: ${'{c:'.repeat(3_000)}`, 'QUERY_TOO_COMPLEX'],
  ['list types without end', `query ($a: ${'['.repeat(9_000)}Int`, 'QUERY_TOO_COMPLEX'],
  ['parentheses without end', `{ a${'('.repeat(9_000)}`, 'BAD_USER_INPUT'],
  ['too many tokens', `{ ${'a '.repeat(20_000)} }`, 'QUERY_TOO_COMPLEX'],
  ['a list of 30,000 values', `{ a(b: [${'1 '.repeat(30_000)}]) }`, 'QUERY_TOO_COMPLEX'],
  ['fields within fields', `${'{ node '.repeat(30)} { id } ${'}'.repeat(30)}`, 'QUERY_TOO_COMPLEX'],
  ['one field 3,000 times', `{ ${'vapidPublicKey '.repeat(3_000)} }`, 'QUERY_TOO_COMPLEX'],
  ['one field 990 times', `{ ${'vapidPublicKey '.repeat(990)} }`, 'QUERY_TOO_COMPLEX'],
  ['one field under 1,000 names', `{ ${many(1_000, (n) => `a${n}: vapidPublicKey`)} }`, 'QUERY_TOO_COMPLEX'],
  [
    'one mutation under 150 names',
    `mutation { ${many(150, (n) => `a${n}: revokeApiKey(id: "key_${n}")`)} }`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    'directives on one field',
    `{ vapidPublicKey ${'@include(if: true) '.repeat(2_000)} }`,
    'QUERY_TOO_COMPLEX',
  ],
  ['directives nobody knows', `{ vapidPublicKey ${many(2_000, (n) => `@a${n}`)} }`, 'QUERY_TOO_COMPLEX'],
  ['directives on an operation', `query ${'@a '.repeat(3_000)} { vapidPublicKey }`, 'QUERY_TOO_COMPLEX'],
  [
    'directives on a variable',
    `query ($a: Int ${'@a '.repeat(3_000)}) { vapidPublicKey }`,
    'QUERY_TOO_COMPLEX',
  ],
  ['3,000 inline fragments', `{ ${'... { vapidPublicKey } '.repeat(2_400)} }`, 'QUERY_TOO_COMPLEX'],
  [
    'fragments that double up',
    `{ ...a0 } ${many(45, (n) => `fragment a${n} on Query { ...a${n + 1} ...a${n + 1} }`)} fragment a45 on Query { ${page} }`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    'fragments that compare each with each',
    `{ ${many(600, (n) => `...a${n}`)} } ${many(600, (n) => `fragment a${n} on Query { vapidPublicKey }`)}`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    'fragments in a chain',
    `{ ...a0 } ${many(40, (n) => `fragment a${n} on Query { b { ...a${n + 1} } }`)} fragment a40 on Query { c }`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    'fragments in a ring',
    `{ ...a } ${many(40, (n) => `fragment a${n || ''} on Query { ...a${(n + 1) % 40 || ''} }`)}`,
    'BAD_USER_INPUT',
  ],
  ['150 operations', many(150, (n) => `query a${n} { vapidPublicKey }`), 'BAD_USER_INPUT'],
  [
    'fragments that compare each with each, 90 of them',
    `{ ${many(90, (n) => `...a${n}`)} } ${many(90, (n) => `fragment a${n} on Query { b }`)}`,
    'BAD_USER_INPUT',
  ],
  [
    'fragments that double up twelve times',
    `{ ...a0 ...a0 } ${many(12, (n) => `fragment a${n} on Query { ...a${n + 1} ...a${n + 1} }`)} fragment a12 on Query { vapidPublicKey }`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    'names that resemble others',
    `query (${many(240, (n) => `$a${n}: PushSubscriptionInpu${n}`)}) { vapidPublicKey }`,
    'BAD_USER_INPUT',
  ],
  [
    'lists that hang on a variable',
    'query ($n: Int = 100) { notifications(first: $n) { edges { node { deliveries(first: $n) { edges { node { id status reason } } } } } } }',
    'QUERY_TOO_COMPLEX',
  ],
  ['a thousand operations', many(1_000, (n) => `query a${n} { vapidPublicKey }`), 'QUERY_TOO_COMPLEX'],
  [
    'variables nobody uses',
    `query (${many(2_000, (n) => `$a${n}: Int`)}) { vapidPublicKey }`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    'lists within lists',
    `{ ${page} }`.replace('{ id }', '{ id status reason attempts pushService }'),
    'QUERY_TOO_COMPLEX',
  ],
  ['a page of a million', `{ notifications(first: 1000000) { edges { cursor } } }`, 'BAD_USER_INPUT'],
  [
    'the schema within itself',
    `{ __schema { types ${'{ fields { type '.repeat(12)} { name } ${'} }'.repeat(12)} } }`,
    'QUERY_TOO_COMPLEX',
  ],
  ['a name of 200 kB', `{ ${'a'.repeat(200_000)} }`, 'BAD_USER_INPUT'],
  ['a comment of 200 kB', `# ${'a'.repeat(200_000)}`, 'BAD_USER_INPUT'],
  [
    'a number of 200 kB',
    `{ notifications(first: ${'9'.repeat(200_000)}) { edges { cursor } } }`,
    'BAD_USER_INPUT',
  ],
  ['bytes nobody writes', '{ \u0000\u0007 }', 'BAD_USER_INPUT'],
  ['nothing but a fragment', 'fragment a on Query { vapidPublicKey }', 'BAD_USER_INPUT'],
  ['a type definition', 'type Query { a: Int }', 'BAD_USER_INPUT'],
];

/** Within the limits for secret keys, yet validating one takes 50 ms: only a secret key may send them. */
export const expensiveDocuments: Array<[kind: string, document: string]> = [
  ['one object 247 times', `{ ${'viewer { name } '.repeat(247)} }`],
  ['lists 98 times', `{ ${'notifications { edges { node { id } } } '.repeat(98)} }`],
  ['247 fields in a fragment', `{ ...a } fragment a on Query { ${'viewer { name } '.repeat(245)} }`],
  ['one operation of many', `${many(90, (n) => `query a${n} { viewer { name } }`)}`],
];
