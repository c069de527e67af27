import type { Behaviour, Report, ServiceName } from './behaviour';
import type { Ground } from './ground';
import type { Installation } from './installation';
import { Probes } from './probes';

const content = { title: 'Your order has shipped', body: 'It left our warehouse this morning.' };

/** A broadcast to everyone at an installation that is being hurt. */
export class Scene {
  readonly probes: Probes;
  #startedAt = 0;

  constructor(
    readonly ground: Ground,
    readonly installation: Installation,
    /** Browsers, the probes' not counted; the first `hurtBrowsers` of them are at the hurt push service. */
    readonly deliveries: number,
    readonly hurtBrowsers: number,
  ) {
    this.probes = new Probes(installation, ground.services, deliveries);
  }

  /** Milliseconds since 1970. */
  get startedAt(): number {
    return this.#startedAt;
  }

  async send(): Promise<void> {
    this.#startedAt = Date.now();
    await this.installation.graphql(
      'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } } }',
      { input: { audience: { everyone: true }, content } },
    );
  }

  behave(service: ServiceName, behaviour: Behaviour): Promise<void> {
    return this.ground.services.behave(service, behaviour);
  }

  report(): Promise<Report> {
    return this.ground.services.report();
  }

  /** POSTs of the broadcast that came so far, to both push services. */
  async posts(): Promise<number> {
    const { hurt, healthy } = await this.report();
    return hurt.posts + healthy.posts;
  }

  /** Whether every delivery of every notification is settled; false while the database cannot be asked. */
  async isCompleted(): Promise<boolean> {
    try {
      return (await this.count('notification', 'completedAt IS NULL')) === 0;
    } catch {
      return false;
    }
  }

  async count(table: string, where = '1 = 1'): Promise<number> {
    const [row] = await this.installation.database.sql.rows<{ size: number }>(
      `SELECT COUNT(*) AS size FROM ${table} WHERE ${where}`,
    );
    return Number(row?.size);
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}
