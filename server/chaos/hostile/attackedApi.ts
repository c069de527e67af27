import { request } from 'node:http';
import type { UndoStack } from '../../bench/undoStack';
import { firstWord, socketTo } from '../../test/support/api/graphqlSockets';
import type { Ground } from '../ground';
import { type Engine, Installation } from '../installation';
import { PacedSends } from '../neighbours/pacedSends';
import { SingleMessages } from '../singleMessages';
import { type Footprint, footprintOf } from './footprint';
import type { Durations } from './slowdown';

const browsers = 200;
const messagesPerSecond = 5;
const healthChecksPerSecond = 10;
const answerTimeoutMs = 20_000;
const graceMs = 20_000;

/** As an operator sets it, with the limits that it has unless it is told otherwise, behind one proxy. */
const production = {
  NODE_ENV: 'production',
  FANFARE_VAPID_SUBJECT: 'mailto:operator@fanfare.dev',
  FANFARE_ALLOW_PRIVATE_PUSH_HOSTS: 'true',
  FANFARE_TRUSTED_PROXIES: '1',
  FANFARE_REQUESTS_PER_MINUTE: '',
  FANFARE_REQUESTS_PER_MINUTE_PER_ADDRESS: '',
  FANFARE_SUBSCRIBES_PER_MINUTE_PER_ADDRESS: '',
  FANFARE_LOG_LEVEL: 'warn',
};

/** What was measured at the same time, in milliseconds. */
export interface Measured {
  readonly health: Durations;
  /** From the call of `sendNotification` to the POST at the push service. */
  readonly message: Durations;
}

/** An API in production mode with one worker, and the operator who uses it. */
export class AttackedApi {
  private constructor(
    private readonly ground: Ground,
    private readonly installation: Installation,
  ) {}

  static async open(ground: Ground, undo: UndoStack, engine: Engine): Promise<AttackedApi> {
    const installation = await Installation.open(ground, undo, {
      ...{ engine, throughProxies: false, workers: 1, env: production },
    });
    await installation.seed('healthy', 0, browsers);
    return new AttackedApi(ground, installation);
  }

  get url(): string {
    return this.installation.api.url;
  }

  get logs(): string {
    return this.installation.logs;
  }

  get footprint(): Footprint {
    return footprintOf(this.installation.api.pid);
  }

  /** Health checks and messages to single users, until `over` resolves. */
  async measure(over: Promise<unknown>): Promise<Measured> {
    await this.ground.services.begin(browsers);
    const health: Array<number | undefined> = [];
    const checks = new PacedSends(healthChecksPerSecond, async (n) => {
      health[n] = await this.#healthCheckMs();
    });
    const messages = new SingleMessages({
      perSecond: messagesPerSecond,
      browsers: Array.from({ length: browsers }, (_, n) => n),
      graphql: (query, variables) => this.installation.graphql(query, variables),
      arrivals: async () => (await this.ground.services.report()).urgent,
    });
    try {
      await over;
    } finally {
      await Promise.all([messages.end(), checks.stop()]);
    }
    return { health: Array.from(health), message: await messages.durations(graceMs) };
  }

  /** Whether the holder of a secret key gets a WebSocket and an answer over it. */
  async operatorIsHeard(): Promise<boolean> {
    const { id } = await this.#send();
    const client = socketTo(this.url, this.installation.adminKey);
    const query = `subscription { notificationProgress(id: "${id}") { id } }`;
    const silent = wait(answerTimeoutMs).then(() => undefined);
    try {
      const word = await Promise.race([firstWord(client, query), silent]);
      return word?.data !== undefined && word.data !== null;
    } finally {
      void client.dispose();
    }
  }

  async #send(): Promise<{ id: string }> {
    const { sendNotification } = await this.installation.graphql<{
      sendNotification: { notification: { id: string } };
    }>(
      'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } } }',
      { input: { audience: { userIds: ['user-0'] }, content: { title: 'Your order' } } },
    );
    return sendNotification.notification;
  }

  /** Over a connection of its own, as a load balancer does. @returns undefined when there is no answer */
  #healthCheckMs(): Promise<number | undefined> {
    const startedAt = performance.now();
    return new Promise((resolve) => {
      const sent = request(`${this.url}/healthz`, { agent: false, timeout: answerTimeoutMs });
      sent.on('timeout', () => sent.destroy());
      sent.on('error', () => resolve(undefined));
      sent.on('response', (response) => {
        response.on('error', () => undefined);
        response.on('close', () => {
          resolve(response.statusCode === 200 ? performance.now() - startedAt : undefined);
        });
        response.resume();
      });
      sent.end();
    });
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
