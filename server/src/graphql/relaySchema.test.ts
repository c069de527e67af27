/** The rules of Relay's server specification, which `relay-compiler` and `relayStylePagination` build on. */
import { type GraphQLField, isInterfaceType, isObjectType } from 'graphql';
import { buildFanfareSchema } from './schema';

const schema = buildFanfareSchema();
const objects = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'));

function typesOfFields(typeName: string): Record<string, string> {
  const type = schema.getType(typeName);
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
  return Object.fromEntries(fields.map((field) => [field.name, String(field.type)]));
}

const isPaged = ({ args }: GraphQLField<unknown, unknown>) => args.some(({ name }) => name === 'first');
const pagedFields = objects.flatMap((type) =>
  Object.values(type.getFields())
    .filter((field) => isPaged(field) && field.deprecationReason === undefined)
    .map((field) => [`${type.name}.${field.name}`, field] as const),
);
const connections = objects.map(({ name }) => name).filter((name) => name.endsWith('Connection'));

test('PageInfo has its four fields', () => {
  expect(typesOfFields('PageInfo')).toEqual({
    hasNextPage: 'Boolean!',
    hasPreviousPage: 'Boolean!',
    startCursor: 'String',
    endCursor: 'String',
  });
});

test('an object is read again by its id', () => {
  expect(typesOfFields('Node')).toEqual({ id: 'ID!' });
  const node = schema.getQueryType()?.getFields().node;
  expect(String(node?.type)).toBe('Node');
  expect(node?.args.map((argument) => `${argument.name}: ${String(argument.type)}`)).toEqual(['id: ID!']);
});

test('a type has an id if and only if it implements Node', () => {
  const withId = objects.filter((type) => 'id' in type.getFields()).map(({ name }) => name);
  const nodes = objects.filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'));
  expect(withId.sort()).toEqual(nodes.map(({ name }) => name).sort());
  expect(withId.length).toBeGreaterThan(0);
});

test.each(pagedFields)('%s is a connection', (_name, field) => {
  const args = Object.fromEntries(field.args.map(({ name, type }) => [name, String(type)]));
  expect(args).toMatchObject({ first: 'Int', after: 'String' });
  expect(String(field.type)).toMatch(/Connection!$/);
});

test.each(connections)('%s has edges with a cursor and a node', (name) => {
  const edge = name.replace(/Connection$/, 'Edge');
  expect(typesOfFields(name)).toMatchObject({ edges: `[${edge}!]!`, pageInfo: 'PageInfo!' });
  expect(typesOfFields(edge)).toMatchObject({ cursor: 'String!', node: expect.stringMatching(/^\w+!$/) });
});

test('no field gives cursors outside a connection, unless it is deprecated', () => {
  const bare = objects
    .filter(({ name }) => !name.endsWith('Edge'))
    .filter((type) => 'cursor' in type.getFields())
    .map(({ name }) => name);
  // the rows of the deprecated `deliveryHistory`
  expect(bare).toEqual(['PersonDelivery']);
});
