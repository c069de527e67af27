import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { schemaText } from '../graphql/emitSchema';

/*
 * Writes schema/schema.graphql from the code; with --check only compares, and exits 1 when they differ.
 * Run after a build: node server/dist/commands/emitSchema.js [--check]
 */

const file = resolve(__dirname, '../../../schema/schema.graphql');

function committedText(): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

if (!process.argv.includes('--check')) {
  writeFileSync(file, schemaText());
} else if (committedText() !== schemaText()) {
  process.stderr.write(
    'schema/schema.graphql differs from the code: run "node server/dist/commands/emitSchema.js".\n',
  );
  process.exitCode = 1;
}
