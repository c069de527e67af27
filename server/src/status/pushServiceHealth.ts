import type { Database } from '../database/openDatabase';
import { subscriptionStatistics } from './subscriptionStatistics';

/** A worker that has said nothing for so long has ended. */
const silentAfterMs = 30_000;

/** How the workers fare with one push service, taken together. */
export interface PushServiceHealth {
  readonly pushService: string;
  /** The worst of any worker. */
  readonly state: 'closed' | 'half-open' | 'open';
  readonly limit: number;
  /** The next three are of all applications together. */
  readonly underWay: number;
  readonly waiting: number;
  readonly attemptsPerMinute: number;
  /** When the last of the open gates lets something pass again; milliseconds since 1970. */
  readonly pausedUntil: number | null;
  readonly workers: number;
  readonly updatedAt: number;
}

interface StateRow {
  pushService: string;
  state: PushServiceHealth['state'];
  concurrencyLimit: number;
  underWay: number;
  waiting: number;
  reopensAt: number | null;
  attemptsPerMinute: number;
  updatedAt: number;
}

const severity: Record<PushServiceHealth['state'], number> = { closed: 0, 'half-open': 1, open: 2 };

/** One entry for every push service that a running worker has met, by name. */
export async function pushServiceHealth(database: Database, now: number): Promise<PushServiceHealth[]> {
  const rows = await database.sql.rows<StateRow>(
    `SELECT pushService, state, concurrencyLimit, underWay, waiting, reopensAt, attemptsPerMinute, updatedAt
     FROM push_service_state WHERE updatedAt > ? ORDER BY pushService`,
    [now - silentAfterMs],
  );
  const services = new Map<string, PushServiceHealth>();
  for (const row of rows) services.set(row.pushService, added(services.get(row.pushService), row, now));
  return [...services.values()];
}

/** What an application may know: nothing in it grows with what other applications send. */
export type PushServiceState = Pick<PushServiceHealth, 'pushService' | 'state' | 'pausedUntil'>;

/**
 * One entry for every push service that an application's browsers use, by name, whether a worker has met it lately or
 * not: workers meet push services when anybody sends.
 */
export async function pushServiceStates(
  database: Database,
  now: number,
  applicationId: number,
): Promise<PushServiceState[]> {
  const health = new Map((await pushServiceHealth(database, now)).map((each) => [each.pushService, each]));
  const { byPushService } = await subscriptionStatistics(database, applicationId, 1, now);
  const names = byPushService.map(({ pushService }) => pushService).sort();
  return names.map((pushService) => {
    const { state, pausedUntil } = health.get(pushService) ?? { state: 'closed', pausedUntil: null };
    return { pushService, state, pausedUntil };
  });
}

function added(known: PushServiceHealth | undefined, row: StateRow, now: number): PushServiceHealth {
  const { pushService, underWay, waiting, attemptsPerMinute, updatedAt } = row;
  // a gate opens for a probe only when something comes along
  const state = row.state === 'open' && (row.reopensAt ?? 0) <= now ? 'half-open' : row.state;
  const pausedUntil = state === 'open' ? row.reopensAt : null;
  const one = { pushService, state, limit: row.concurrencyLimit, underWay, waiting, attemptsPerMinute };
  if (!known) return { ...one, pausedUntil, workers: 1, updatedAt };
  return {
    pushService,
    state: severity[state] > severity[known.state] ? state : known.state,
    limit: known.limit + one.limit,
    underWay: known.underWay + underWay,
    waiting: known.waiting + waiting,
    attemptsPerMinute: known.attemptsPerMinute + attemptsPerMinute,
    pausedUntil: Math.max(known.pausedUntil ?? 0, pausedUntil ?? 0) || null,
    workers: known.workers + 1,
    updatedAt: Math.max(known.updatedAt, updatedAt),
  };
}
