import { until } from '../until';
import type { Browser, NotificationView, Stage } from './stage';

const tag = 'broadcast';
const quietMs = 300;

/** A notification on its way to many browsers, and what the push services saw of it. */
export class Broadcast {
  private constructor(
    private readonly stage: Stage,
    readonly id: string,
    readonly browsers: readonly Browser[],
  ) {}

  /** Sends to `count` browsers, half of them at each push service, whose answers take `delayMs`. */
  static async begin(stage: Stage, count: number, delayMs = 50): Promise<Broadcast> {
    const { pushService, otherPushService } = stage;
    const browsers = [
      ...(await stage.subscribeMany(Math.ceil(count / 2), tag, pushService)),
      ...(await stage.subscribeMany(Math.floor(count / 2), tag, otherPushService)),
    ];
    pushService.script({ delayMs });
    otherPushService.script({ delayMs });
    const id = await stage.send({ audience: { tags: { anyOf: [tag] } } });
    return new Broadcast(stage, id, browsers);
  }

  /** POSTs that the push services have answered so far. */
  get posts(): number {
    return this.tokens().length;
  }

  /** Until so many POSTs were answered: the broadcast is under way, and not over. */
  async underWay(posts = this.browsers.length / 3): Promise<void> {
    await until(() => this.posts >= posts, `${posts} POSTs`);
    expect(this.posts).toBeLessThan(this.browsers.length);
  }

  /** How many the database says are accepted, whether or not the API runs. */
  async recorded(): Promise<number> {
    const [row] = await this.stage.database.sql.rows<{ accepted: number }>(
      'SELECT accepted FROM notification ORDER BY id DESC LIMIT 1',
    );
    return Number(row?.accepted);
  }

  /** Until no POST has been seen for a while, those included whose sender is gone. */
  async quiet(): Promise<void> {
    let [seen, since] = [this.posts, Date.now()];
    await until(() => {
      if (this.posts > seen) [seen, since] = [this.posts, Date.now()];
      return Date.now() - since > quietMs;
    }, 'quiet');
  }

  /** Until every browser is accepted for; none may be lost or counted twice. */
  async allAccepted(timeoutMs = 45_000): Promise<NotificationView> {
    const notification = await this.stage.completed(this.id, timeoutMs);
    const { length } = this.browsers;
    expect(notification).toMatchObject({
      status: 'COMPLETED',
      progress: { targeted: length, accepted: length },
    });
    const unseen = this.browsers.filter(({ agent }) => agent.receivedCount === 0);
    expect(unseen).toHaveLength(0);
    return notification;
  }

  /** POSTs beyond one a browser. */
  get doubled(): number {
    return this.posts - new Set(this.tokens()).size;
  }

  /** However often a browser was posted to, the person sees one notification: each push replaces the one before. */
  expectOneNotificationEach(): void {
    for (const { agent } of this.browsers) {
      const tags = agent.received.map(({ plaintext }) => JSON.parse(plaintext ?? '{}').notification.tag);
      expect(new Set(tags)).toEqual(new Set([this.id]));
    }
  }

  /** Whom the push services were addressed for, as far as it is this broadcast's browsers. */
  private tokens(): string[] {
    const own = new Set(this.browsers.map(({ endpoint }) => endpoint.split('/').at(-1)));
    return this.stage
      .posts()
      .map(({ token }) => token)
      .filter((token) => own.has(token));
  }
}
