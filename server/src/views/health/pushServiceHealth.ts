import type { Database } from '../../database/openDatabase';
import { subscriptionStatistics } from '../statistics/subscriptionStatistics';

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
  /**
   * When the last of the applications that the push service throttles may send again: Retry-After, or the breaker of
   * that application; milliseconds since 1970.
   */
  readonly throttledUntil: number | null;
  readonly workers: number;
  readonly updatedAt: number;
}

interface StateRow {
  pushService: string;
  /** 0: the push service itself; otherwise an application that it throttles. */
  applicationId: number;
  state: PushServiceHealth['state'];
  concurrencyLimit: number;
  underWay: number;
  waiting: number;
  reopensAt: number | null;
  attemptsPerMinute: number;
  updatedAt: number;
}

const severity: Record<PushServiceHealth['state'], number> = { closed: 0, 'half-open': 1, open: 2 };

/** Each worker names some hundred push services; together they may name more. */
const maxNamed = 100;
const others = 'others';

/**
 * One entry for every push service that a running worker has met, by name; those beyond a hundred are one entry.
 * @param applicationId the only one whose throttling counts; absent: all
 */
export async function pushServiceHealth(
  database: Database,
  now: number,
  applicationId?: number,
): Promise<PushServiceHealth[]> {
  const only = applicationId === undefined ? '' : 'AND applicationId IN (0, ?)';
  const rows = await database.sql.rows<StateRow>(
    `SELECT pushService, applicationId, state, concurrencyLimit, underWay, waiting, reopensAt, attemptsPerMinute, updatedAt
     FROM push_service_state WHERE updatedAt > ? ${only} ORDER BY pushService, applicationId`,
    applicationId === undefined ? [now - silentAfterMs] : [now - silentAfterMs, applicationId],
  );
  const services = new Map<string, PushServiceHealth>();
  for (const row of rows) {
    const isNamed = services.has(row.pushService) || services.size < maxNamed;
    const pushService = isNamed ? row.pushService : others;
    const known = services.get(pushService);
    if (row.applicationId === 0) services.set(pushService, added(known, { ...row, pushService }, now));
    else if (known) services.set(pushService, throttled(known, row, now));
  }
  return [...services.values()];
}

/** What an application may know: nothing in it grows with what other applications send. */
export type PushServiceState = Pick<
  PushServiceHealth,
  'pushService' | 'state' | 'pausedUntil' | 'throttledUntil'
>;

/**
 * One entry for every push service that an application's browsers use, by name, whether a worker has met it lately or
 * not: workers meet push services when anybody sends.
 */
export async function pushServiceStates(
  database: Database,
  now: number,
  applicationId: number,
): Promise<PushServiceState[]> {
  const health = new Map(
    (await pushServiceHealth(database, now, applicationId)).map((each) => [each.pushService, each]),
  );
  const { byPushService } = await subscriptionStatistics(database, applicationId, 1, now);
  const names = byPushService.map(({ pushService }) => pushService).sort();
  return names.map((pushService) => {
    const { state, pausedUntil, throttledUntil } = health.get(pushService) ?? unmet;
    return { pushService, state, pausedUntil, throttledUntil };
  });
}

const unmet = { state: 'closed', pausedUntil: null, throttledUntil: null } as const;

function added(known: PushServiceHealth | undefined, row: StateRow, now: number): PushServiceHealth {
  const { pushService, underWay, waiting, attemptsPerMinute, updatedAt } = row;
  // a gate opens for a probe only when something comes along
  const state = row.state === 'open' && (row.reopensAt ?? 0) <= now ? 'half-open' : row.state;
  const pausedUntil = state === 'open' ? row.reopensAt : null;
  const one = { pushService, state, limit: row.concurrencyLimit, underWay, waiting, attemptsPerMinute };
  if (!known) return { ...one, pausedUntil, throttledUntil: null, workers: 1, updatedAt };
  return {
    pushService,
    state: severity[state] > severity[known.state] ? state : known.state,
    limit: known.limit + one.limit,
    underWay: known.underWay + underWay,
    waiting: known.waiting + waiting,
    attemptsPerMinute: known.attemptsPerMinute + attemptsPerMinute,
    pausedUntil: Math.max(known.pausedUntil ?? 0, pausedUntil ?? 0) || null,
    throttledUntil: known.throttledUntil,
    workers: known.workers + 1,
    updatedAt: Math.max(known.updatedAt, updatedAt),
  };
}

function throttled(known: PushServiceHealth, { reopensAt }: StateRow, now: number): PushServiceHealth {
  if (reopensAt === null || reopensAt <= now) return known;
  return { ...known, throttledUntil: Math.max(known.throttledUntil ?? 0, reopensAt) };
}
