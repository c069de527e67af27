import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the Debian package `libfaketime` and a build by hand put the library. */
const roots = ['/usr/lib', '/usr/local/lib', '/opt/homebrew/lib'];

/** @returns the path of libfaketime for programs with several threads; undefined where it is not installed */
export function findLibfaketime(): string | undefined {
  return roots
    .filter(existsSync)
    .flatMap((root) => [root, ...readdirSync(root).map((name) => join(root, name))])
    .map((folder) => join(folder, 'faketime', 'libfaketimeMT.so.1'))
    .find(existsSync);
}

/** The time of day of one process, which can be set while it runs. Its monotonic clock stays as it is. */
export class FakeClock {
  constructor(
    private readonly library: string,
    private readonly file: string,
  ) {
    this.set(0);
  }

  /** @param aheadSeconds of this machine's clock; less than 0: behind */
  set(aheadSeconds: number): void {
    writeFileSync(this.file, `${aheadSeconds < 0 ? '' : '+'}${aheadSeconds}s\n`);
  }

  /** What the process has to be started with. */
  get env(): NodeJS.ProcessEnv {
    return {
      LD_PRELOAD: this.library,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }
}
