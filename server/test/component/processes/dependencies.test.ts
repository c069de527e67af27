/** What the installation trusts: every package is pinned by its hash, runs nothing, and is told to the operator. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const root = join(__dirname, '../../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const installed = Object.entries(packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && link !== true,
);
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const licenceOf = (workspace: string, name: string) =>
  (packages[`${workspace}/node_modules/${name}`] ?? packages[`node_modules/${name}`])?.license;
const document = read('docs/dependencies.md');

/** The packages of the table under this heading, each with its licence. */
function rowsUnder(heading: string): (readonly [string, string])[] {
  const section = new RegExp(`## ${heading}\n([\\s\\S]*?)(?=\n## )`).exec(document)?.[1] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, name = '', , third = '']) => [name, third] as const);
}

test('every package is pinned by a hash, and none comes from elsewhere than a registry', () => {
  expect(installed.length).toBeGreaterThan(500);
  const loose = installed.filter(
    ([, { integrity, resolved }]) =>
      !integrity?.startsWith('sha512-') || (resolved !== undefined && !resolved.startsWith('https://')),
  );
  expect(loose.map(([path]) => path)).toEqual([]);
});

test('no script of a package runs at installation, and those that have one are explained', () => {
  expect(read('.npmrc').split('\n')).toContain('ignore-scripts=true');
  const withScript = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = withScript.map(([path]) => nameOf(path)).sort();
  const section = /## Install scripts\n([\s\S]*?)(?=\n## )/.exec(document)?.[1] ?? '';
  expect([...section.matchAll(/^- `([^`]+)`/gm)].map((match) => match[1]).sort()).toEqual(names);
});

test('the table names what the server needs, with its licence', () => {
  const { dependencies, optionalDependencies } = JSON.parse(read('server/package.json')) as Record<
    string,
    Record<string, string>
  >;
  const needed = Object.keys({ ...dependencies, ...optionalDependencies }).sort();
  const rows = rowsUnder('Needed to run');
  expect(rows.map(([name]) => name).sort()).toEqual(needed);
  for (const [name, licence] of rows) expect([name, licence]).toEqual([name, licenceOf('server', name)]);
});

test('another table names what the pages and the SDK import, with its licence', () => {
  const sources = ['console', 'demo', 'playground', 'react', 'sdk', 'service-worker'].flatMap((folder) =>
    readdirSync(join(root, 'client', folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|vite\.config\.ts$/.test(path))
      .map((path) => read(join('client', folder, path))),
  );
  const imported = sources.flatMap((source) =>
    [...source.matchAll(/(?:from|import) '((?:@[^/']+\/)?[a-z][^/']*)/g)].map((match) => match[1]),
  );
  const rows = rowsUnder('Bundled into the pages');
  expect(rows.map(([name]) => name).sort()).toEqual([...new Set(imported)].sort());
  for (const [name, licence] of rows) expect([name, licence]).toEqual([name, licenceOf('client', name)]);
});

test('nothing that is shipped has a licence that asks for more than its notice', () => {
  const permissive = [
    'MIT',
    'ISC',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    '0BSD',
    'BlueOak-1.0.0',
    'Unlicense',
    '(MIT AND BSD-3-Clause)',
  ];
  const shipped = installed.filter(([, locked]) => !('dev' in locked) && !('devOptional' in locked));
  const others = shipped.filter(([, { license }]) => !permissive.includes(license ?? ''));
  expect(others.map(([path, { license }]) => `${nameOf(path)}: ${license}`)).toEqual([]);
});

test('every override is explained', () => {
  const { overrides } = JSON.parse(read('package.json')) as { overrides: Record<string, string> };
  const section = /## Overrides\n([\s\S]*?)(?=\n## |$)/.exec(document)?.[1] ?? '';
  expect([...section.matchAll(/^- `([^`]+)`/gm)].map((match) => match[1]).sort()).toEqual(
    Object.keys(overrides).sort(),
  );
});
