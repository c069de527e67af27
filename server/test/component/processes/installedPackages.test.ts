/** `npm start`, `npm run bench` and their like install what is missing, and leave alone what somebody has installed. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const scripts = join(__dirname, '../../../../scripts');

const lock: Record<string, object> = {
  '': { name: 'workspace' },
  server: { version: '0.1.0' },
  'node_modules/runtime': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/builder': { version: '2.0.0', integrity: 'sha512-b', dev: true },
  'node_modules/for-others': { version: '3.0.0', integrity: 'sha512-c', optional: true },
  'node_modules/@fanfare/client': { resolved: 'client', link: true },
};
const complete = ['server', 'node_modules/runtime', 'node_modules/builder', 'node_modules/@fanfare/client'];
const production = ['server', 'node_modules/runtime'];

describe('a checkout', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'fanfare-installed-'));
    cpSync(scripts, join(root, 'scripts'), { recursive: true });
    put('package-lock.json', JSON.stringify({ packages: lock }));
    put('server/dist/main.js', "process.stdout.write('started')");
    put('client/dist/sdk/index.js', '');
    for (const file of ['server/src/a.ts', 'schema/a', 'tsconfig.base.json', 'server/tsconfig.build.json'])
      put(file, '');
    // notes what is asked of it
    put('bin/npm', `#!/bin/sh\necho "$@" >> ${join(root, 'asked')}\n`);
    chmodSync(join(root, 'bin/npm'), 0o755);
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const install = (paths: readonly string[], changed: Record<string, object> = {}) => {
    const packages = Object.fromEntries(paths.map((path) => [path, { ...lock[path], ...changed[path] }]));
    for (const path of paths) put(`${path}/package.json`, '{}');
    put('node_modules/.package-lock.json', JSON.stringify({ packages }));
  };
  const run = (script: string) => {
    const path = `${join(root, 'bin')}:${process.env.PATH}`;
    const done = spawnSync(process.execPath, [join(root, 'scripts', script)], {
      ...{ encoding: 'utf8', env: { PATH: path } },
    });
    const asked = existsSync(join(root, 'asked'))
      ? spawnSync('cat', [join(root, 'asked')], { encoding: 'utf8' }).stdout
      : '';
    return { ...done, installs: /^ci /m.test(asked), builds: /^run .*build/m.test(asked) };
  };

  test('that npm has installed is not installed again', () => {
    install(complete);
    expect(run('fanfare.mjs')).toMatchObject({ installs: false, builds: true, stdout: 'started', status: 0 });
    expect(run('fanfare.mjs')).toMatchObject({ installs: false, stdout: 'started' });
  });

  test('that is installed for production is started as it is, and loses nothing to a command for development', () => {
    install(production);
    expect(run('fanfare.mjs')).toMatchObject({
      installs: false,
      builds: false,
      stdout: 'started',
      status: 0,
    });
    expect(run('bench.mjs')).toMatchObject({
      installs: false,
      status: 1,
      stderr: expect.stringContaining('npm ci'),
    });
  });

  test.each<[string, () => void]>([
    ['has never been installed', () => undefined],
    [
      'was not installed to the end',
      () => {
        install(complete);
        rmSync(join(root, 'node_modules/.package-lock.json'));
      },
    ],
    [
      'has lost a package',
      () => {
        install(complete);
        rmSync(join(root, 'node_modules/runtime'), { recursive: true });
      },
    ],
    ['has an older version', () => install(complete, { 'node_modules/runtime': { version: '0.9.0' } })],
    [
      'has another package of that version',
      () => install(complete, { 'node_modules/runtime': { integrity: 'x' } }),
    ],
    [
      'lacks what is new in the lockfile',
      () => install(complete.filter((path) => !path.endsWith('builder')).slice(0, 1)),
    ],
    [
      'was installed for production and never built',
      () => {
        install(production);
        rmSync(join(root, 'server/dist/main.js'));
        put('server/dist/other.js', '');
      },
    ],
  ])('that %s is installed', (_, prepare) => {
    prepare();
    expect(run('fanfare.mjs').installs).toBe(true);
  });
});
