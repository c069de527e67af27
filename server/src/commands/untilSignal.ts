import type { Log } from '../observe/log';
import { handleSignalsInOrder } from './endOnSignal';
import { shellEnd } from './shellEnd';

const deadlineMs = 30_000;

/**
 * Waits for SIGTERM, SIGINT or the end of npm's shell, stops, and ends the process: status 0 when all is settled
 * within 30 seconds. A second signal ends it at once; nothing is lost then either, since the database holds what was
 * under way.
 * @param misfortune resolves with a sentence when the process has to end by itself; then with status 1
 */
export async function untilSignal(
  log: Log,
  stop: () => Promise<void>,
  misfortune: Promise<string> = new Promise(() => undefined),
): Promise<never> {
  const signal = new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
    void shellEnd().then(() => resolve('SIGTERM'));
    handleSignalsInOrder();
  });
  const status = await Promise.race([
    signal.then((name) => {
      log.info({ signal: name }, 'stopping');
      return 0;
    }),
    misfortune.then((sentence) => {
      log.fatal(sentence);
      return 1;
    }),
  ]);
  const hurry = () => process.exit(1);
  process.once('SIGTERM', hurry);
  process.once('SIGINT', hurry);
  setTimeout(() => {
    log.error('stopping took too long: other processes take over what was under way when its leases run out');
    process.exit(1);
  }, deadlineMs).unref();
  await stop();
  log.info('stopped');
  process.exit(status);
}
