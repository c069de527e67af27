import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(__dirname, '../../../..');

/** What a customer would have installed beside the package. */
const dependencies = ['react', 'react-dom', '@types/react', '@types/react-dom'];

/** client/test/consumer in a folder of its own, with the packed @fanfare/client installed in it and nothing of ours. */
export interface ConsumerProject {
  /** Where the package lies that it has installed. */
  readonly installed: string;
  /** Where its build lies. */
  readonly dist: string;
  /** Type checks; rejects with the compiler's words. */
  check(...args: string[]): Promise<void>;
  build(...args: string[]): Promise<void>;
  remove(): void;
}

/** Packs the built client, as `npm publish` would, and installs it. */
export async function makeConsumerProject(): Promise<ConsumerProject> {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-consumer-'));
  const installed = join(folder, 'node_modules/@fanfare/client');
  cpSync(join(root, 'client/test/consumer'), folder, { recursive: true });
  mkdirSync(installed, { recursive: true });
  const { stdout: tarball } = await run(
    'npm',
    ['pack', '-w', 'client', '--silent', '--pack-destination', folder],
    { cwd: root },
  );
  await run('tar', ['-xzf', tarball.trim(), '-C', installed, '--strip-components=1'], {
    cwd: folder,
  });
  for (const name of dependencies) link(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  const tool = async (path: string, args: string[]) => {
    const program = join(root, 'node_modules', path);
    await run(process.execPath, [program, ...args], { cwd: folder }).catch(({ stdout, stderr }) => {
      throw new Error(`${path} failed:\n${stdout}${stderr}`);
    });
  };
  return {
    installed,
    dist: join(folder, 'dist'),
    check: (...args) => tool('typescript/bin/tsc', args),
    build: (...args) => tool('vite/bin/vite.js', ['build', ...args]),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
