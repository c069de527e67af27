import { LRUCache } from 'lru-cache';
import { nextTurn } from '../database/nextTurn';
import type { Database } from '../database/openDatabase';
import { inOrderOfIds, reachableSteps } from '../database/reachableSteps';

const dayMs = 86_400_000;
/** Several consoles share one count; one that took long, for a million rows, is shared for longer. */
const freshForMs = 5_000;
const freshPerCountingMs = 50;
const longestFreshMs = 120_000;

/** Nearly all are at one of these: summing up four columns takes a fraction of the time of sorting into groups. */
const vendors = ['fcm', 'mozilla', 'apple', 'wns'] as const;
const names = vendors.map((vendor) => `'${vendor}'`).join(', ');
const ofStep = `FROM push_subscription ${inOrderOfIds} WHERE applicationId = ? AND retiredAt IS NULL AND id > ? AND id <= ?`;
const countVendors = `SELECT ${vendors.map((vendor) => `SUM(pushService = '${vendor}') AS ${vendor}`).join(', ')},
  SUM(pushService NOT IN (${names})) AS others ${ofStep}`;
const countOthers = `SELECT pushService, COUNT(*) AS live ${ofStep} AND pushService NOT IN (${names}) GROUP BY pushService`;

/** One day (UTC) of an application's push subscriptions. */
export interface SubscriptionDay {
  readonly at: number;
  readonly created: number;
  readonly retired: number;
  /** Live at the end of the day; of today: now. */
  readonly live: number;
}

export interface SubscriptionCounts {
  /** When they were counted; milliseconds since 1970. */
  readonly countedAt: number;
  readonly live: number;
  readonly byPushService: readonly { pushService: string; live: number }[];
  /** Oldest first, today last. */
  readonly days: readonly SubscriptionDay[];
}

/** Counts of an application's push subscriptions, five seconds old at most unless counting takes longer than 100 ms. */
export class SubscriptionStatistics {
  readonly #database: Database;
  readonly #known = new LRUCache<string, Promise<SubscriptionCounts>>({ max: 200, ttl: freshForMs });

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param days 1 to 366, today included */
  read(applicationId: number, days: number, now = Date.now()): Promise<SubscriptionCounts> {
    const name = `${applicationId} ${days}`;
    const known = this.#known.get(name);
    if (known) return known;
    const counts = this.#count(applicationId, days, now);
    this.#known.set(name, counts);
    const begun = performance.now();
    counts.then(
      () => {
        const wanted = (performance.now() - begun) * freshPerCountingMs;
        this.#known.set(name, counts, { ttl: Math.min(longestFreshMs, Math.max(freshForMs, wanted)) });
      },
      () => this.#known.delete(name),
    );
    return counts;
  }

  async #count(applicationId: number, days: number, now: number): Promise<SubscriptionCounts> {
    const today = now - (now % dayMs);
    const since = today - (days - 1) * dayMs;
    const services = await this.#liveByPushService(applicationId);
    const created = await this.#perDay('createdAt', applicationId, since, today);
    const retired = await this.#perDay('retiredAt', applicationId, since, today);
    const live = services.reduce((sum, each) => sum + each.live, 0);
    const series = walkBack(live, today, since, created, retired);
    return { countedAt: now, live, byPushService: services, days: series };
  }

  async #liveByPushService(applicationId: number): Promise<{ pushService: string; live: number }[]> {
    const counts = new Map<string, number>();
    const grow = (name: string, by: unknown) => counts.set(name, (counts.get(name) ?? 0) + Number(by ?? 0));
    const { sql } = this.#database;
    for await (const { after, upTo } of reachableSteps(sql, applicationId)) {
      const step = [applicationId, after, upTo];
      const [row] = await sql.rows<Record<string, unknown>>(countVendors, step);
      for (const vendor of vendors) grow(vendor, row?.[vendor]);
      if (Number(row?.others ?? 0) === 0) continue;
      for (const { pushService, live } of await sql.rows<{ pushService: string; live: number }>(
        countOthers,
        step,
      )) {
        grow(pushService, live);
      }
    }
    return [...counts]
      .map(([pushService, live]) => ({ pushService, live }))
      .filter(({ live }) => live > 0)
      .sort((a, b) => b.live - a.live);
  }

  /** Day by day: a range of an index is counted in a fraction of the time that grouping it takes. */
  async #perDay(
    column: 'createdAt' | 'retiredAt',
    applicationId: number,
    since: number,
    today: number,
  ): Promise<Map<number, number>> {
    const days = new Map<number, number>();
    for (let at = since; at <= today; at += dayMs) {
      const [row] = await this.#database.sql.rows<{ size: number }>(
        `SELECT COUNT(*) AS size FROM push_subscription
         WHERE applicationId = ? AND ${column} >= ? AND ${column} < ?`,
        [applicationId, at, at + dayMs],
      );
      days.set(at, Number(row?.size ?? 0));
      await nextTurn();
    }
    return days;
  }
}

/** From today's count back in time: who came later was not there yet, who went later still was. */
function walkBack(
  live: number,
  today: number,
  since: number,
  created: Map<number, number>,
  retired: Map<number, number>,
): SubscriptionDay[] {
  const days: SubscriptionDay[] = [];
  let atEnd = live;
  for (let at = today; at >= since; at -= dayMs) {
    const day = { at, created: created.get(at) ?? 0, retired: retired.get(at) ?? 0, live: atEnd };
    days.unshift(day);
    atEnd += day.retired - day.created;
  }
  return days;
}
