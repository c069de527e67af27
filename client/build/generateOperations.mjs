// Types and texts of client/console/operations/*.graphql, checked against schema/schema.graphql:
//   node build/generateOperations.mjs            writes client/console/graphql/operations.ts
//   node build/generateOperations.mjs --check    only compares, and fails when they differ
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { buildSchema, getOperationAST, parse, stripIgnoredCharacters } from 'graphql';

const client = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(client, 'console/operations');
const target = join(client, 'console/graphql/operations.ts');
const schema = buildSchema(readFileSync(join(client, '../schema/schema.graphql'), 'utf8'));
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.graphql'))
  .sort()
  .map((name) => ({ location: name, rawSDL: readFileSync(join(folder, name), 'utf8') }))
  .map((source) => ({ ...source, document: parse(source.rawSDL) }));

const types = await codegen({
  schema: parse(readFileSync(join(client, '../schema/schema.graphql'), 'utf8')),
  schemaAst: schema,
  documents: sources,
  filename: target,
  plugins: [{ typescriptOperations: {} }],
  pluginMap: { typescriptOperations },
  config: {
    enumType: 'string-literal',
    skipTypename: true,
    disableDescriptions: true,
    scalars: { DateTime: 'string', JSONObject: 'Record<string, unknown>', ID: 'string' },
  },
});

const documents = sources.map(({ document, rawSDL }) => {
  const operation = getOperationAST(document);
  const { value: name } = operation.name;
  const kind = operation.operation[0].toUpperCase() + operation.operation.slice(1);
  const text = JSON.stringify(stripIgnoredCharacters(rawSDL))
    .slice(1, -1)
    .replaceAll("'", "\\'")
    .replaceAll('\\"', '"');
  return `export const ${name}Document = '${text}' as TypedDocument<${name}${kind}, ${name}${kind}Variables>;\n`;
});

const text = [
  '/* Generated from client/console/operations by client/build/generateOperations.mjs. */\n',
  '/** The text of an operation, which knows its data and variables. */',
  'export type TypedDocument<Data, Variables> = string & { readonly __types?: [Data, Variables] };\n',
  types.trim(),
  '',
  ...documents,
].join('\n');

if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (readFileSync(target, 'utf8') !== text) {
  process.stderr.write(
    'client/console/graphql/operations.ts is out of date: run "npm run generate -w client".\n',
  );
  process.exitCode = 1;
}
