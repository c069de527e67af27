import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installationFault } from './installation.mjs';

/** The root of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const sources = [
  'server/src',
  'client',
  'schema',
  'tsconfig.base.json',
  'server/tsconfig.build.json',
  'package-lock.json',
];
const passedOver = new Set(['node_modules', 'dist']);

/** Runs a program in the checkout and ends this process with its status if it fails. */
export function run(program, args, options = {}) {
  const done = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

/**
 * Installs the dependencies unless those of this very lockfile are there. What was built and installed for production
 * stays as it is, because `npm ci` begins by deleting what may be in use.
 */
export function ensureInstalled() {
  if (installationFault(root, { production: false }) === undefined) return;
  if (isForProduction()) {
    process.stderr.write('The packages for development are missing: run "npm ci" first.\n');
    process.exit(1);
  }
  process.stderr.write('Installing dependencies (npm ci) ...\n');
  // its report goes to standard error: standard output belongs to the command that was asked for
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 2, 2] });
}

/** Whether it was built and then installed without the packages that only the build needs. */
export function isForProduction() {
  return (
    isBuilt() &&
    installationFault(root, { production: true }) === undefined &&
    installationFault(root, { production: false }) !== undefined
  );
}

/** Builds server and client unless nothing has changed since the last build. */
export function ensureBuilt() {
  const stamp = join(root, 'node_modules/.fanfare-built');
  const wanted = hashOf(sources.flatMap((source) => filesOf(join(root, source))));
  if (isBuilt() && read(stamp) === wanted) return;
  process.stderr.write('Building ...\n');
  run('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 2, 2] });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

function isBuilt() {
  return existsSync(join(root, 'server/dist/main.js')) && existsSync(join(root, 'client/dist/sdk'));
}

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !passedOver.has(entry.name) && !entry.name.endsWith('.test.ts'))
    .flatMap((entry) => filesOf(join(path, entry.name)))
    .sort();
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(relative(root, file)).update(readFileSync(file));
  return hash.digest('hex');
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
