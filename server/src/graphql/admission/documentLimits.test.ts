import { type GraphQLError, getIntrospectionQuery } from 'graphql';
import { hostileDocuments } from '../../../test/support/api/hostileDocuments';
import { silentLog } from '../../observe/log';
import { formatError } from '../formatError';
import { buildFanfareSchema } from '../schema';
import { readDocument } from './documentLimits';

const schema = buildFanfareSchema();
const many = (count: number, each: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => each(n)).join(' ');
const codesOf = (text: string) => {
  const read = readDocument(schema, text);
  const errors: readonly GraphQLError[] = 'kind' in read ? [] : read;
  return errors.map((error) => formatError(error, silentLog).extensions?.code);
};

test.each([
  [
    'the introspection query of tools',
    getIntrospectionQuery({ oneOf: true, specifiedByUrl: true, schemaDescription: true }),
  ],
  ['a hundred other names', `{ ${many(100, (n) => `a${n}: vapidPublicKey`)} }`],
  ['a fragment in use', '{ ...a ...a } fragment a on Query { vapidPublicKey @include(if: true) }'],
  ['900 values in a list', `{ audienceSize(audience: { userIds: [${many(900, (n) => `"${n}"`)}] }) }`],
  ['braces in a text', `{ audienceSize(audience: { userIds: ["${'{'.repeat(5_000)}"] }) }`],
])('%s passes', (_name, text) => {
  expect(codesOf(text)).toEqual([]);
});

const laterRefused = [
  'lists within lists',
  'lists that hang on a variable',
  'fragments that double up',
  'fragments that double up twelve times',
  'a page of a million',
  '150 operations',
];

test.each(hostileDocuments.filter(([kind]) => !laterRefused.includes(kind)))(
  '%s is refused',
  (_kind, text, code) => {
    expect(codesOf(text)).toContain(code);
  },
);

test.each([
  [
    'depth 21',
    `{ notifications ${'{ edges { node '.repeat(9)} { edges { id } } ${'} }'.repeat(9)} }`,
    'depth',
  ],
  [
    '101 aliases in fragments',
    `{ ...a ...b } ${many(2, (f) => `fragment ${'ab'[f]} on Query { ${many(50 + f, (n) => `${'xy'[f]}${n}: vapidPublicKey`)} }`)}`,
    'Aliases',
  ],
  [
    '51 directives in a fragment',
    `{ ...a } fragment a on Query { ${many(51, () => 'vapidPublicKey @include(if: true)')} }`,
    'Directives',
  ],
])('the limit itself: %s', (_kind, text, word) => {
  const read = readDocument(schema, text);
  const messages = 'kind' in read ? [] : read.map(({ message }) => message);
  expect(messages.filter((message) => message.includes(word))).toHaveLength(1);
});

test('names that resemble a wrong one are not looked for', () => {
  const read = readDocument(schema, '{ vapidPublicKex }');
  expect(read).toEqual([
    expect.objectContaining({ message: 'Cannot query field "vapidPublicKex" on type "Query".' }),
  ]);
});

test('ten errors of a document are told', () => {
  expect(readDocument(schema, `{ ${many(30, (n) => `nothing${n}`)} }`)).toHaveLength(11);
});
