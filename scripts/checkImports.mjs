// Checks the imports in server/src against the table in docs/architecture.md, and the size of its folders.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { breaches, crowdedFolders, readImports, readLaw } from './importLaw.mjs';
import { root } from './workspace.mjs';

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return path.endsWith('.ts') && !path.endsWith('.test.ts') ? [path] : [];
  });
}

function check() {
  const base = join(root, 'server/src');
  const sources = sourceFiles(base).map((path) => ({
    file: relative(base, path),
    text: readFileSync(path, 'utf8'),
  }));
  const law = readLaw(readFileSync(join(root, 'docs/architecture.md'), 'utf8'));
  const faults = [...breaches(law, readImports(sources)), ...crowdedFolders(sources.map(({ file }) => file))];
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}

check();
