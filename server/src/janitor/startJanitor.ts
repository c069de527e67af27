import type { Log } from '../observe/log';
import { type PurgeDeps, purge } from './purge';
import { retireNeverWorked } from './retireNeverWorked';
import type { NearlyFull } from './warnNearlyFull';

/*
 * Room: janitor. In: what is past its time, subscriptions that never worked, and what the old secret sealed. Out:
 * nothing of it. Works in small steps alongside everything else and may stop after any step. May fail with the
 * database; the next round makes up for it. Called by the worker and by the command `secrets rotate`.
 */

export interface Janitor {
  /** Resolves when the step under way is done. */
  stop(): Promise<void>;
}

const everyMs = 60_000;
/** Subscriptions are ended after weeks, and looking for them reads all that were never accepted. */
const retireEveryMs = 3_600_000;
/** Rounds from one count of all applications to the next. */
const roundsPerCount = 10;

/** Cleans up once a minute; the first time after a random part of one, so that workers take turns. */
export function startJanitor(
  parts: PurgeDeps & { readonly log: Log; readonly nearlyFull: NearlyFull },
): Janitor {
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let rounds = 0;
  let round: Promise<void> = Promise.resolve();
  let retireAt = performance.now();
  const retire = async () => {
    if (performance.now() < retireAt) return;
    retireAt = performance.now() + retireEveryMs;
    const pushSubscriptions = await retireNeverWorked(
      parts.database,
      (parts.now ?? parts.database.now)(),
      () => !stopping,
    );
    if (pushSubscriptions > 0) parts.log.info({ pushSubscriptions }, 'retired: nothing was ever accepted');
  };
  const clean = async () => {
    try {
      await retire();
      if (rounds++ % roundsPerCount === 0) await parts.nearlyFull.check();
      const purged = await purge(parts, () => !stopping);
      if (Object.values(purged).some((count) => count > 0)) parts.log.info(purged, 'purged');
    } catch (error) {
      parts.log.warn({ err: error }, 'the purge failed and is tried again');
    }
    if (!stopping) schedule(everyMs);
  };
  const schedule = (delayMs: number) => {
    timer = setTimeout(() => {
      round = clean();
    }, delayMs).unref();
  };
  schedule(Math.random() * everyMs);
  return {
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      await round;
    },
  };
}
