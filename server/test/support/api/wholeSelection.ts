import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** `Type.field` of every field that an operation starts with, and of every other one. */
export function fieldsOf(schema: GraphQLSchema): { roots: string[]; others: string[] } {
  const rootTypes = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const types = Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  );
  const names = (wanted: (type: GraphQLObjectType) => boolean) =>
    types
      .filter(wanted)
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
  return {
    roots: names((type) => rootTypes.includes(type)),
    others: names((type) => !rootTypes.includes(type)),
  };
}

/**
 * Everything that can be asked for below a root field, as GraphQL text ('' for a leaf), no type inside itself; the
 * names of the fields it touches go into `visited`.
 * @param without fields that are left out
 */
export function wholeSelection(
  schema: GraphQLSchema,
  root: string,
  visited: Set<string>,
  without: ReadonlySet<string> = new Set(),
): string {
  const [typeName = '', fieldName = ''] = root.split('.');
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  if (!field) throw new Error(`The schema has no ${root}.`);
  return selectionOf(getNamedType(field.type), [], { visited, without });
}

/** The same below an object of this type. */
export function wholeSelectionOf(
  schema: GraphQLSchema,
  typeName: string,
  without: ReadonlySet<string> = new Set(),
): string {
  return selectionOf(schema.getType(typeName), [], { visited: new Set(), without });
}

function selectionOf(
  type: unknown,
  above: readonly unknown[],
  names: { visited: Set<string>; without: ReadonlySet<string> },
): string {
  if (isInterfaceType(type)) return ' { __typename id }';
  if (!isObjectType(type)) return '';
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const inner = getNamedType(field.type);
    const name = `${type.name}.${field.name}`;
    if (inner === type || above.includes(inner) || names.without.has(name)) return [];
    names.visited.add(name);
    return [`${field.name}${selectionOf(inner, [...above, type], names)}`];
  });
  return ` { ${fields.join(' ')} }`;
}
