import type { Log } from '../observe/log';
import type { DispatchQueue } from '../queue/dispatchQueue';

/** A broker that is there is connected to in less. */
const warnAfterMs = 2_000;

/**
 * Resolves once the queue can be used; never, if it is closed before. When that takes longer the log says so, next to what the
 * broker answers.
 */
export async function whenQueueConnected(
  queue: Pick<DispatchQueue, 'connected' | 'onChange'>,
  log: Log,
): Promise<void> {
  if (queue.connected) return;
  const warning = setTimeout(() => log.warn('waiting for RabbitMQ'), warnAfterMs).unref();
  await new Promise<void>((resolve) => {
    const unsubscribe = queue.onChange(() => {
      if (!queue.connected) return;
      unsubscribe();
      resolve();
    });
  });
  clearTimeout(warning);
}
