import { type Log, silentLog } from '../../../src/observe/log';

/** A log that keeps what a server reports as a fault of its own. */
export function watchLog(): { readonly log: Log; readonly failures: unknown[] } {
  const failures: unknown[] = [];
  const log: Log = Object.assign(Object.create(silentLog) as Log, {
    error: (...given: unknown[]) => void failures.push(given),
    fatal: (...given: unknown[]) => void failures.push(given),
    child: () => log,
  });
  return { log, failures };
}
