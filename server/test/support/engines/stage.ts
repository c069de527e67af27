import { type Database, openDatabase } from '../../../src/database/openDatabase';
import type { LocalPushService } from '../../../src/localPushService/localPushService';
import type { SeenPushRequest } from '../../../src/localPushService/pushRequestLog';
import { startLocalPushService } from '../../../src/localPushService/startLocalPushService';
import type { SimulatedUserAgent } from '../../../src/localPushService/userAgent/simulatedUserAgent';
import { operation } from '../api/graphqlCall';
import { startTcpProxy, type TcpProxy } from '../servers/tcpProxy';
import { until } from '../until';
import { Installation, type InstallationOptions } from './installation';

/** A simulated browser that Fanfare knows. */
export interface Browser {
  readonly agent: SimulatedUserAgent;
  readonly endpoint: string;
  /** Its authentication secret, base64url. */
  readonly auth: string;
  /** `sub_...` */
  readonly id: string;
}

export interface Progress {
  readonly targeted: number;
  readonly pending: number;
  readonly accepted: number;
  readonly gone: number;
  readonly rejected: number;
  readonly expired: number;
  readonly exhausted: number;
  readonly cancelled: number;
  readonly displayed: number;
  readonly clicked: number;
  readonly dismissed: number;
}

export interface DeliveryView {
  readonly status: string;
  readonly attempts: number;
  readonly httpStatus: number | null;
  readonly reason: string | null;
  readonly nextAttemptAt: string | null;
  readonly displayedAt: string | null;
  readonly clickedAt: string | null;
  readonly dismissedAt: string | null;
  readonly subscription: { readonly id: string } | null;
}

export interface NotificationView {
  readonly id: string;
  readonly status: 'SCHEDULED' | 'SENDING' | 'COMPLETED' | 'CANCELLED';
  readonly completedAt: string | null;
  readonly progress: Progress;
  readonly deliveries: { readonly edges: ReadonlyArray<{ readonly node: DeliveryView }> };
}

const subscribeOperation = operation('subscribe');
const notificationOperation = operation('notification');
const sendOperation = `mutation ($input: SendNotificationInput!) {
  sendNotification(input: $input) { replayed notification { id status } }
}`;

const unsubscribeOperation = operation('unsubscribe');

/** A whole installation with two push services beside it, and the operations that end-to-end tests speak in. */
export class Stage {
  private browsers: Browser[] = [];

  private constructor(
    readonly installation: Installation,
    readonly pushService: LocalPushService,
    readonly otherPushService: LocalPushService,
    /** The way to the other push service, which a test may cut. */
    readonly otherNetwork: TcpProxy,
    private opened: Database,
    private readonly vapidPublicKey: string,
  ) {}

  /** The installation's own database, to look behind what the API says. */
  get database(): Database {
    return this.opened;
  }

  static async open(options: Omit<InstallationOptions, 'pushHosts'>): Promise<Stage> {
    const [pushService, otherPushService] = [await startLocalPushService(), await startLocalPushService()];
    const otherNetwork = await startTcpProxy(otherPushService.port);
    const pushHosts = [pushService, otherNetwork].map(({ port }) => `localhost:${port}`);
    const installation = await Installation.start({ ...options, pushHosts });
    const { vapidPublicKey } = await installation.graphql<{ vapidPublicKey: string }>(
      operation('vapidPublicKey'),
    );
    const database = await openDatabase(installation.database);
    return new Stage(installation, pushService, otherPushService, otherNetwork, database, vapidPublicKey);
  }

  /** A new browser subscribes, with the key that stands in web pages. */
  async subscribe(input: { userId?: string; tags?: string[] }, at = this.pushService): Promise<Browser> {
    const origin = at === this.otherPushService ? `http://localhost:${this.otherNetwork.port}` : undefined;
    const agent = at.createUserAgent({ origin });
    const subscription = agent.subscribe(this.vapidPublicKey);
    const { subscribe } = await this.installation.graphql<{ subscribe: { subscription: { id: string } } }>(
      subscribeOperation,
      { input: { ...input, subscription } },
      this.installation.publishableKey,
    );
    const { endpoint, keys } = subscription;
    const browser = { agent, endpoint, auth: keys.auth, id: subscribe.subscription.id };
    this.browsers.push(browser);
    return browser;
  }

  /** `count` browsers that carry the tag, a few at a time. */
  async subscribeMany(count: number, tag: string, at = this.pushService): Promise<Browser[]> {
    const browsers: Browser[] = [];
    while (browsers.length < count) {
      const next = Math.min(20, count - browsers.length);
      browsers.push(
        ...(await Promise.all(Array.from({ length: next }, () => this.subscribe({ tags: [tag] }, at)))),
      );
    }
    return browsers;
  }

  /** @returns the notification's id, once the mutation is answered */
  async send(input: Record<string, unknown>): Promise<string> {
    const { sendNotification } = await this.installation.graphql<{
      sendNotification: { notification: { id: string } };
    }>(sendOperation, { input: { content: { title: 'Hello' }, ...input } });
    return sendNotification.notification.id;
  }

  /** The notification as the API shows it now, with up to 100 deliveries. Progress must add up. */
  async look(id: string): Promise<NotificationView> {
    const { notification } = await this.installation.graphql<{ notification: NotificationView }>(
      notificationOperation,
      { id, first: 100 },
    );
    expectProgressAddsUp(notification.progress);
    return notification;
  }

  /** Looks until every delivery is settled. */
  async completed(id: string, timeoutMs = 30_000): Promise<NotificationView> {
    let last: NotificationView | undefined;
    try {
      return await until(
        async () => {
          last = await this.look(id);
          return last.completedAt === null ? undefined : last;
        },
        `notification ${id} to complete`,
        timeoutMs,
      );
    } catch (error) {
      if (error instanceof Error) error.message += `\nIt stands at ${describe(last)}`;
      throw error;
    }
  }

  /** What the push services saw of this browser, oldest first. */
  postsTo(browser: Browser): SeenPushRequest[] {
    const token = browser.endpoint.split('/').at(-1);
    return this.posts().filter((post) => post.token === token);
  }

  posts(): SeenPushRequest[] {
    return [...this.pushService.requests, ...this.otherPushService.requests];
  }

  /**
   * Ends every process and does something that the database must not be open for, then opens it here again. Processes are
   * started by the test, or by the next scenario.
   */
  async whileClosed<T>(work: () => Promise<T>): Promise<T> {
    expect(new Set(await this.installation.terminateAll())).toEqual(new Set([0]));
    await this.database.close();
    try {
      return await work();
    } finally {
      this.opened = await openDatabase(this.installation.database);
    }
  }

  /** A clean stage for the next scenario: everything runs, nobody is subscribed, no requests, no faults. */
  async reset(): Promise<void> {
    this.otherNetwork.heal();
    this.pushService.reset();
    this.otherPushService.reset();
    await this.installation.startAll();
    for (const { endpoint } of this.browsers.splice(0)) {
      await this.installation.graphql(unsubscribeOperation, { endpoint }, this.installation.publishableKey);
    }
  }

  async close(): Promise<void> {
    await this.database.close();
    try {
      await this.installation.stop();
    } finally {
      await this.otherNetwork.close();
      await this.pushService.stop();
      await this.otherPushService.stop();
    }
  }
}

function describe(notification: NotificationView | undefined): string {
  if (!notification) return 'nothing';
  const { deliveries, ...rest } = notification;
  const pending = deliveries.edges.find(({ node }) => node.status === 'PENDING')?.node;
  return JSON.stringify({ ...rest, pending });
}

export function expectProgressAddsUp(progress: Progress): void {
  const { targeted, pending, accepted, gone, rejected, expired, exhausted, cancelled } = progress;
  const parts = { pending, accepted, gone, rejected, expired, exhausted, cancelled };
  const sum = Object.values(parts).reduce((total, part) => total + part, 0);
  expect({ ...parts, targeted: sum }).toEqual({ ...parts, targeted });
  expect(Math.min(...Object.values(parts))).toBeGreaterThanOrEqual(0);
}
