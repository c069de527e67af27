import type { Log } from '../observe/log';

const deadlineMs = 30_000;

/**
 * Waits for SIGTERM or SIGINT, stops, and ends the process: status 0 when all is settled within 30 seconds. A second
 * signal ends it at once; nothing is lost then either, since the database holds what was under way.
 */
export async function untilSignal(log: Log, stop: () => Promise<void>): Promise<never> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  log.info({ signal }, 'stopping');
  const hurry = () => process.exit(1);
  process.once('SIGTERM', hurry);
  process.once('SIGINT', hurry);
  setTimeout(() => {
    log.error('stopping took too long');
    process.exit(1);
  }, deadlineMs).unref();
  await stop();
  log.info('stopped');
  process.exit(0);
}
