import { shellEnd } from './shellEnd';

/*
 * Imported first by main.ts: process 1 of a container has no default handlers, so without these a program that waits for its
 * database would live until SIGKILL.
 */

/** 128 and the number of the signal, as shells have it. */
const statuses = { SIGTERM: 143, SIGINT: 130 } as const;
const end = (signal: NodeJS.Signals) =>
  process.exit(signal === 'SIGINT' ? statuses.SIGINT : statuses.SIGTERM);

process.on('SIGTERM', end);
process.on('SIGINT', end);
let isStarting = true;
void shellEnd().then(() => {
  if (isStarting) end('SIGTERM');
});

/** For a program that has started and ends in order by itself. */
export function handleSignalsInOrder(): void {
  isStarting = false;
  process.off('SIGTERM', end);
  process.off('SIGINT', end);
}
