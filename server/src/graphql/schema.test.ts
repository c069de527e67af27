import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { operations as knownOperations } from '../model/operation';
import { schemaText } from './emitSchema';

const folder = join(__dirname, '../../../schema');
const operations = readdirSync(join(folder, 'operations')).filter((name) => name.endsWith('.graphql'));

describe('the schema', () => {
  const schema = buildSchema(schemaText());

  test('is the committed one', () => {
    expect(readFileSync(join(folder, 'schema.graphql'), 'utf8')).toBe(schemaText());
  });

  test('has the operations that limits may name', () => {
    const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}),
    );
    expect([...knownOperations]).toEqual(fields.sort());
  });

  test.each(operations)('fits %s', (name) => {
    const document = parse(readFileSync(join(folder, 'operations', name), 'utf8'));
    expect(validate(schema, document)).toEqual([]);
  });

  test('describes every type, field, argument and value', () => {
    const bare: string[] = [];
    for (const definition of Object.values(schema.getTypeMap())) {
      const isOurs = !/^(__|Query$|Mutation$|Subscription$|Int$|Float$|String$|Boolean$|ID$)/.test(
        definition.name,
      );
      if (isOurs && !definition.description) bare.push(definition.name);
      const values = 'getValues' in definition ? definition.getValues() : [];
      bare.push(
        ...values.filter((value) => !value.description).map((value) => `${definition.name}.${value.name}`),
      );
      if (definition.name.startsWith('__') || !('getFields' in definition)) continue;
      for (const field of Object.values(definition.getFields())) {
        const parts = [field, ...('args' in field ? field.args : [])];
        const undescribed = parts.filter((part) => !part.description);
        bare.push(...undescribed.map((part) => `${definition.name}.${field.name} ${part.name}`));
      }
    }
    expect(bare).toEqual([]);
  });
});
