import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DocumentNode,
  type GraphQLInputType,
  getNullableType,
  getOperationAST,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isRequiredInputField,
  type NamedTypeNode,
  parse,
  typeFromAST,
} from 'graphql';
import { buildFanfareSchema } from '../schema';
import { refuseCostly } from './queryCost';

const schema = buildFanfareSchema();
const many = (count: number, each: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => each(n)).join(' ');
const check = (source: string | DocumentNode, variables: Record<string, unknown> = {}) => {
  const document = typeof source === 'string' ? parse(source) : source;
  const operation = getOperationAST(document, undefined);
  if (!operation) throw new Error('There is no operation.');
  refuseCostly({ schema, document, operation, variables });
};
const notifications = (first: string, inner: string) =>
  `notifications(${first}) { edges { node { ${inner} } } }`;
const deliveries = (fields: string) => `deliveries(first: 100) { edges { node { ${fields} } } }`;
const aliases = (count: number) => many(count, (n) => `f${n}: id`);
const tooComplex = expect.objectContaining({ code: 'QUERY_TOO_COMPLEX' });

const folders = ['../../../../schema/operations', '../../../../client/console/operations'];
const operationFiles = folders.flatMap((folder) =>
  readdirSync(join(__dirname, folder)).map((file) => join(__dirname, folder, file)),
);

/** Some value of an input type; numbers of rows are the largest. */
function someValue(type: GraphQLInputType): unknown {
  const inner = getNullableType(type);
  if (isListType(inner)) return [];
  if (isEnumType(inner)) return inner.getValues()[0]?.name;
  if (isInputObjectType(inner)) {
    const fields = Object.values(inner.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(fields.map(({ name, type }) => [name, someValue(type)]));
  }
  return { Int: 100, Float: 1, Boolean: true }[String(inner)] ?? 'x';
}

function someVariables(document: DocumentNode): Record<string, unknown> {
  const definitions = getOperationAST(document, undefined)?.variableDefinitions ?? [];
  return Object.fromEntries(
    definitions.map(({ variable, type }) => {
      const known = typeFromAST(schema, type as NamedTypeNode);
      return [variable.name.value, known && isInputType(known) ? someValue(known) : undefined];
    }),
  );
}

describe('what a query may cost', () => {
  test.each(operationFiles)('%s is fine, with every filter and the largest page', (file) => {
    const document = parse(readFileSync(file, 'utf8'));
    expect(() => check(document, someVariables(document))).not.toThrow();
  });

  test.each([
    ['the largest page of everything', `{ ${notifications('first: 100', aliases(30))} }`],
    [
      'twenty notifications with their deliveries',
      `{ ${notifications('first: 20', deliveries('id status reason attempts pushService subscription { id userId }'))} }`,
    ],
    [
      'a page of notifications with their outcomes',
      `{ ${notifications('first: 40', 'outcomes { reason }')} }`,
    ],
    ['many names of a cheap field', `{ ${many(200, (n) => `a${n}: vapidPublicKey`)} }`],
    [
      'what is left out',
      '{ notifications(first: 100) { edges { node { deliveries(first: 100) @skip(if: true) { edges { node { id status reason } } } } } } }',
    ],
  ])('%s is fine', (_name, source) => {
    expect(() => check(source)).not.toThrow();
  });

  test.each([
    ['lists within lists', `{ ${notifications('first: 100', deliveries('id status reason'))} }`],
    [
      'the same in fragments',
      `{ ...a } fragment a on Query { ${notifications('first: 100', '...b')} } fragment b on Notification { ... on Notification { ${deliveries('id status reason')} } }`,
    ],
    [
      'the same twice, in one fragment each',
      `{ ...a ...b } ${many(2, (n) => `fragment ${'ab'[n]} on Query { x${n}: ${notifications('first: 80', deliveries('id'))} }`)}`,
    ],
    ['the outcomes of a hundred', `{ ${notifications('first: 100', 'id outcomes { reason deliveries }')} }`],
    [
      'outcomes under many names',
      `{ ${notifications(
        'first: 20',
        many(3, (n) => `a${n}: outcomes { reason }`),
      )} }`,
    ],
    ['a thousand names', `{ ${many(1_000, (n) => `a${n}: vapidPublicKey`)} }`],
    [
      'fragments that double up',
      `{ ...a0 ...a0 } ${many(30, (n) => `fragment a${n} on Query { ...a${n + 1} ...a${n + 1} }`)} fragment a30 on Query { vapidPublicKey }`,
    ],
  ])('%s is refused', (_name, source) => {
    expect(() => check(source)).toThrow(tooComplex);
  });

  const filtered = (filter: string) => `deliveries(first: 1, ${filter}) { edges { node { id } } }`;
  test.each([
    ['audienceSize(audience: { everyone: true })', 4],
    ['audienceSize(audience: { failedOf: "ntf_x" })', 4],
    ['exportPerson(userId: "ada") { __typename }', 4],
    ['queueHealth { connected }', 4],
    ['vapidKeys { subscriptions }', 4],
    ['node(id: "vpk_x") { ... on VapidKey { subscriptions } }', 4],
    ['personDeliveries(userId: "ada", first: 1) { edges { cursor } }', 45],
    ['person(userId: "ada") { userId }', 47],
    ['deliveryHistory(userId: "ada", first: 1) { cursor }', 45],
    ['explainDelivery(notificationId: "ntf_x", userId: "ada") { reason }', 47],
    ['deliveryStatistics { points { at } }', 47],
    ['subscriptionStatistics { live }', 47],
    ['pushServiceHealth { state }', 47],
    ['notifications(status: SENDING, first: 1) { pageInfo { hasNextPage } }', 45],
    ['pushSubscriptions(tag: "news", first: 1) { pageInfo { hasNextPage } }', 45],
    ['pushSubscriptions(userId: "ada", first: 1) { pageInfo { hasNextPage } }', 45],
    [`notification(id: "ntf_x") { ${filtered('reason: "zzz"')} }`, 22],
    [`notification(id: "ntf_x") { ${filtered('status: PENDING')} }`, 22],
    [`notification(id: "ntf_x") { ${filtered('pushService: "fcm"')} }`, 22],
    [`notification(id: "ntf_x") { ${filtered('userId: "ada"')} }`, 22],
    ['notification(id: "ntf_x") { outcomes { reason } }', 45],
  ])('%s may be asked for %i times', (field, most) => {
    const times = (count: number) => `{ ${many(count, (n) => `a${n}: ${field}`)} }`;
    expect(() => check(times(most))).not.toThrow();
    expect(() => check(times(most + 3))).toThrow(tooComplex);
  });

  test.each([
    'deletePerson(userId: "ada")',
    'rotateVapidKey { createdAt }',
    'retireVapidKey(publicKey: "x") { createdAt }',
  ])('the mutation %s may be asked for four times', (field) => {
    const times = (count: number) => `mutation { ${many(count, (n) => `a${n}: ${field}`)} }`;
    expect(() => check(times(4))).not.toThrow();
    expect(() => check(times(5))).toThrow(tooComplex);
  });

  test('a filter counts when its variable is given, whatever was asked before', () => {
    const inner = 'deliveries(first: 1, reason: $r) { edges { node { id } } }';
    const document = parse(`query ($r: String) { ${notifications('first: 50', inner)} }`);
    check(document);
    check(document, { r: null });
    expect(() => check(document, { r: 'zzz' })).toThrow(tooComplex);
    const always = parse(`query ($r: String!) { ${notifications('first: 50', inner)} }`);
    expect(() => check(always, { r: 'zzz' })).toThrow(tooComplex);
  });

  test('a variable counts as what it says, each time, and what no page has as the most', () => {
    const nested = parse(
      `query ($n: Int = 100) { ${notifications('first: $n', deliveries('id status reason'))} }`,
    );
    for (const round of [1, 2]) {
      expect(() => check(nested, { n: round })).not.toThrow();
      for (const n of [100, -5, 1_000_000, null, undefined]) {
        expect(() => check(nested, { n })).toThrow(tooComplex);
      }
    }
  });

  test('variables that do not fit are for the execution to refuse', () => {
    const nested = `query ($n: Int!) { ${notifications('first: $n', deliveries('id status reason'))} }`;
    expect(() => check(nested, { n: 'many' })).not.toThrow();
    expect(() => check(nested)).not.toThrow();
  });

  test('a harmless one is remembered, one that hangs on its variables is not', () => {
    const document = parse(
      `query ($s: NotificationStatus) { notifications(first: 1, status: $s) { totalCount } }`,
    );
    check(document, { s: 'SENDING' });
    expect(() => check(document, { s: 'SENDING' })).not.toThrow();
    const shown = parse(
      'query ($all: Boolean!) { notifications(first: 100) { edges { node { deliveries(first: 100) @include(if: $all) { edges { node { id status reason } } } } } } }',
    );
    check(shown, { all: false });
    expect(() => check(shown, { all: true })).toThrow(tooComplex);
  });
});
