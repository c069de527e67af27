// Node's way of resolving ES modules wants the extension in every relative import, in declarations too; without it
// a consumer that resolves that way gets `any` for all types.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../dist/types', import.meta.url));
const relativeImport = /((?:from|import\() ?')(\.{1,2}\/[^']+?)(?:\.js)?'/g;

for (const name of readdirSync(folder, { recursive: true })) {
  if (!name.endsWith('.d.ts')) continue;
  const file = join(folder, name);
  writeFileSync(file, readFileSync(file, 'utf8').replace(relativeImport, "$1$2.js'"));
}
