import type { Database } from '../database/openDatabase';
import { hourMs } from '../model/timeSpans';
import type { Log } from '../observe/log';

/** From this share of its limit on, an application is reported. */
const nearlyFull = 0.8;

/** An application and how many push subscriptions it has of those it may have. */
interface Fullness {
  readonly id: number;
  readonly name: string;
  readonly live: number;
  readonly most: number;
}

/**
 * Reports applications that have nearly as many push subscriptions as they may have: each once an hour in the log, and
 * the fullest of them as a metric.
 */
export class NearlyFull {
  readonly #warnedAt = new Map<number, number>();
  #fullest = 0;

  /** @param installationMost for applications without a limit of their own; 0: any number */
  constructor(
    private readonly parts: { readonly database: Database; readonly log: Log },
    private readonly installationMost: number,
  ) {}

  /** The share of its limit that the fullest application has used, as last checked. */
  get fullest(): number {
    return this.#fullest;
  }

  /** @param now milliseconds by a clock that is never set */
  async check(now = performance.now()): Promise<void> {
    const limited = (await this.#read()).filter(({ most }) => most > 0);
    this.#fullest = Math.max(0, ...limited.map(({ live, most }) => live / most));
    for (const each of limited) {
      if (each.live >= each.most * nearlyFull) this.#warn(each, now);
    }
  }

  async #read(): Promise<Fullness[]> {
    const rows = await this.parts.database.sql.rows<Record<keyof Fullness, number | string | null>>(
      `SELECT a.id, a.name, COALESCE(a.subscriptionsMost, ?) AS most,
         (SELECT SUM(d.created) - SUM(d.retired) FROM subscription_day d WHERE d.applicationId = a.id) AS live
       FROM application a`,
      [this.installationMost],
    );
    return rows.map(({ id, name, live, most }) => ({
      ...{ id: Number(id), name: String(name), live: Number(live ?? 0), most: Number(most) },
    }));
  }

  #warn({ id, name, live, most }: Fullness, now: number): void {
    const warnedAt = this.#warnedAt.get(id);
    if (warnedAt !== undefined && now - warnedAt < hourMs) return;
    this.#warnedAt.set(id, now);
    const what = live >= most ? 'has reached' : 'has almost reached';
    this.parts.log.warn(
      { application: name, live, most },
      `an application ${what} its limit of push subscriptions: raise subscriptionsMost, or look for invented ones`,
    );
  }
}
