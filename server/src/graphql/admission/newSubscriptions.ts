import type { Database } from '../../database/openDatabase';
import { Refusal } from '../../model/refusal';
import type { Log } from '../../observe/log';
import type { RateBucket, RateLimiter } from './rateLimiter';

/**
 * How many push subscriptions the pages of an application may add in an hour. A browser that is known is not counted:
 * it is registered again at each visit, also when the hour's count is used up.
 */
export class NewSubscriptions {
  /** By application: until when nothing is left, in milliseconds since 1970. */
  readonly #spentUntil = new Map<number, number>();

  /** @param perHour 0: any number */
  constructor(
    private readonly limiter: RateLimiter,
    private readonly perHour: number,
    private readonly log: Log,
  ) {}

  /** @throws Refusal RATE_LIMITED for a new browser when the hour's count is used up */
  async refuseSpent(applicationId: number, isKnown: () => Promise<boolean>): Promise<void> {
    const spentUntil = this.#spentUntil.get(applicationId) ?? 0;
    if (spentUntil <= this.limiter.now() || (await isKnown())) return;
    const until = new Date(spentUntil).toISOString();
    throw new Refusal('RATE_LIMITED', `Too many new browsers in this hour: come back after ${until}.`, [
      'input',
      'subscription',
    ]);
  }

  /** Called for each that was added. */
  async count(applicationId: number): Promise<void> {
    if (this.perHour === 0) return;
    const { remaining, resetAt } = await this.limiter.take(this.#bucket(applicationId), 1);
    if (remaining > 0 || (this.#spentUntil.get(applicationId) ?? 0) >= resetAt) return;
    this.#spentUntil.set(applicationId, resetAt);
    this.log.warn(
      { applicationId, perHour: this.perHour },
      'new browsers of an application are refused until the hour ends: see FANFARE_NEW_SUBSCRIPTIONS_PER_HOUR',
    );
    await this.limiter.take({ name: this.#spentName(applicationId), limit: 1 }, 1);
  }

  /**
   * Applications whose pages cannot add browsers because the hour's count is used up, in any process.
   * @returns by application: until when, in milliseconds since 1970
   */
  async refusedUntil(applicationIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
    if (this.perHour === 0) return new Map();
    const ends = await this.limiter.takenFrom(applicationIds.map((id) => this.#spentName(id)));
    return new Map(
      applicationIds.flatMap((id) => {
        const end = ends.get(this.#spentName(id));
        return end === undefined ? [] : [[id, end] as const];
      }),
    );
  }

  #bucket(applicationId: number): RateBucket {
    return { name: `new:${applicationId}:${this.perHour}`, limit: this.perHour };
  }

  /** Something is taken from this bucket when the count is used up, so that other processes can tell. */
  #spentName(applicationId: number): string {
    return `new-spent:${applicationId}:${this.perHour}`;
  }
}

/** Whether a live push subscription of an application has this endpoint. */
export async function isLiveEndpoint(
  { sql }: Pick<Database, 'sql'>,
  applicationId: number,
  endpointHash: Buffer,
): Promise<boolean> {
  const rows = await sql.rows(
    'SELECT 1 FROM push_subscription WHERE endpointHash = ? AND applicationId = ? AND retiredAt IS NULL',
    [endpointHash, applicationId],
  );
  return rows.length > 0;
}
