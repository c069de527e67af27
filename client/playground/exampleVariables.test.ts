import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, getOperationAST, getVariableValues, parse, validate } from 'graphql';
import { exampleVariables } from './exampleVariables';

const folder = join(__dirname, '../../schema');
const schema = buildSchema(readFileSync(join(folder, 'schema.graphql'), 'utf8'));
const files = readdirSync(join(folder, 'operations'));

describe('The operations of schema/operations', () => {
  const read = (file: string) => readFileSync(join(folder, 'operations', file), 'utf8');

  it.each(files)('%s is valid, says what it is for and takes its example variables', (file) => {
    const source = read(file);
    const document = parse(source);
    expect(validate(schema, document)).toEqual([]);
    expect(source).toMatch(/^# \S/);
    const definitions = getOperationAST(document)?.variableDefinitions ?? [];
    const variables = exampleVariables[file.replace('.graphql', '')] ?? {};
    expect(getVariableValues(schema, definitions, { ...variables }).errors).toBeUndefined();
    const names = definitions.map(({ variable }) => variable.name.value);
    expect(Object.keys(variables).filter((name) => !names.includes(name))).toEqual([]);
  });

  it('has examples for documents that exist', () => {
    expect(Object.keys(exampleVariables).filter((name) => !files.includes(`${name}.graphql`))).toEqual([]);
  });
});
