import type { Database } from '../../database/openDatabase';
import { dayMs } from '../../model/timeSpans';

/** One day (UTC) of an application's push subscriptions. */
export interface SubscriptionDay {
  readonly at: number;
  readonly created: number;
  readonly retired: number;
  /** Live at the end of the day; of today: now. */
  readonly live: number;
}

export interface SubscriptionCounts {
  /** When they were read; milliseconds since 1970. */
  readonly countedAt: number;
  readonly live: number;
  readonly byPushService: readonly { pushService: string; live: number }[];
  /** Oldest first, today last. */
  readonly days: readonly SubscriptionDay[];
}

/** As the drivers give it: MySQL answers sums as text. */
interface CountedDay {
  readonly day: number;
  readonly pushService: string;
  readonly created: number | string;
  readonly retired: number | string;
}

/**
 * Counts of an application's push subscriptions, from those that grow and shrink with them.
 * @param days 1 to 366, today included
 */
export async function subscriptionStatistics(
  database: Database,
  applicationId: number,
  days: number,
  now = database.now(),
): Promise<SubscriptionCounts> {
  const counted = await database.sql.rows<CountedDay>(
    `SELECT day, pushService, SUM(created) AS created, SUM(retired) AS retired FROM subscription_day
     WHERE applicationId = ? GROUP BY day, pushService`,
    [applicationId],
  );
  const services = new Map<string, number>();
  for (const { pushService, created, retired } of counted) {
    services.set(pushService, (services.get(pushService) ?? 0) + Number(created) - Number(retired));
  }
  const byPushService = [...services]
    .map(([pushService, live]) => ({ pushService, live }))
    .filter(({ live }) => live > 0)
    .sort((a, b) => b.live - a.live);
  const live = byPushService.reduce((sum, each) => sum + each.live, 0);
  return { countedAt: now, live, byPushService, days: dayByDay(counted, days, now) };
}

function dayByDay(counted: readonly CountedDay[], days: number, now: number): SubscriptionDay[] {
  const today = now - (now % dayMs);
  const since = today - (days - 1) * dayMs;
  const created = new Map<number, number>();
  const retired = new Map<number, number>();
  for (const row of counted) {
    // what a clock ahead of this one counted is of today, what was before is where the first day begins
    const at = Math.max(Math.min(row.day, today), since - dayMs);
    created.set(at, (created.get(at) ?? 0) + Number(row.created));
    retired.set(at, (retired.get(at) ?? 0) + Number(row.retired));
  }
  let live = 0;
  const walked = Array.from({ length: days + 1 }, (_, index) => {
    const at = since + (index - 1) * dayMs;
    const day = { at, created: created.get(at) ?? 0, retired: retired.get(at) ?? 0 };
    live += day.created - day.retired;
    return { ...day, live };
  });
  return walked.slice(1);
}
