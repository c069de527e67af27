// Format, lint, import law, types, schema drift, unused dependencies: all of it, then one verdict.
import { spawnSync } from 'node:child_process';
import { ensureBuilt, ensureInstalled, root } from './workspace.mjs';

ensureInstalled();
ensureBuilt();
const checks = [
  ['format and lint', 'npx', ['biome', 'check', '--error-on-warnings', '.']],
  ['import law', process.execPath, ['scripts/checkImports.mjs']],
  ['server types', 'npx', ['tsc', '-p', 'server/tsconfig.json']],
  ['client types', 'npm', ['run', '--silent', 'check:types', '-w', 'client']],
  ['SDK size', 'npm', ['run', '--silent', 'check:size', '-w', 'client']],
  ['schema drift', process.execPath, ['server/dist/commands/emitSchema.js', '--check']],
  ['unused files and dependencies', 'npx', ['knip']],
];
const failed = checks.filter(([name, program, args]) => {
  const { status } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 2, 2] });
  process.stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'}  ${name}\n`);
  return status !== 0;
});
process.exit(failed.length > 0 ? 1 : 0);
