import { LRUCache } from 'lru-cache';
import type { Database } from '../database/openDatabase';

const dayMs = 86_400_000;
/** Several consoles share one count; one that took long, for a million rows, is shared for longer. */
const freshForMs = 5_000;
const freshPerCountingMs = 50;
const longestFreshMs = 120_000;

/** One day (UTC) of an application's push subscriptions. */
export interface SubscriptionDay {
  readonly at: number;
  readonly created: number;
  readonly retired: number;
  /** Live at the end of the day; of today: now. */
  readonly live: number;
}

export interface SubscriptionCounts {
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
    const [services, created, retired] = await Promise.all([
      this.#liveByPushService(applicationId),
      this.#perDay('createdAt', applicationId, since),
      this.#perDay('retiredAt', applicationId, since),
    ]);
    const live = services.reduce((sum, each) => sum + each.live, 0);
    return { live, byPushService: services, days: walkBack(live, today, since, created, retired) };
  }

  async #liveByPushService(applicationId: number): Promise<{ pushService: string; live: number }[]> {
    const rows = await this.#database.sql.rows<{ pushService: string; live: number }>(
      `SELECT pushService, COUNT(*) AS live FROM push_subscription
       WHERE applicationId = ? AND retiredAt IS NULL GROUP BY pushService ORDER BY 2 DESC`,
      [applicationId],
    );
    return rows.map(({ pushService, live }) => ({ pushService, live: Number(live) }));
  }

  async #perDay(
    column: 'createdAt' | 'retiredAt',
    applicationId: number,
    since: number,
  ): Promise<Map<number, number>> {
    const rows = await this.#database.sql.rows<{ day: number; size: number }>(
      `SELECT ${column} - ${column} % ${dayMs} AS day, COUNT(*) AS size FROM push_subscription
       WHERE applicationId = ? AND ${column} >= ? GROUP BY 1`,
      [applicationId, since],
    );
    return new Map(rows.map(({ day, size }) => [Number(day), Number(size)]));
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
