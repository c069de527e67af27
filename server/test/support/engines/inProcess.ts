import { randomBytes } from 'node:crypto';
import { createApplication } from '../../../src/actions/application/createApplication';
import { acceptNotification } from '../../../src/actions/notification/acceptNotification';
import type { SendRequest } from '../../../src/actions/notification/storeNotification';
import { registerPushSubscription } from '../../../src/actions/pushSubscription/registerPushSubscription';
import { VapidKey } from '../../../src/database/entities/vapidKey';
import { type Database, openDatabase } from '../../../src/database/openDatabase';
import { checkPushEndpoint } from '../../../src/egress/allowedPushHost';
import { parsePushHosts } from '../../../src/egress/pushHostPolicy';
import type { LocalPushService } from '../../../src/localPushService/localPushService';
import { silentLog } from '../../../src/observe/log';
import { createMetrics } from '../../../src/observe/metrics';
import { bootstrap, type InstallationState } from '../../../src/processes/bootstrap';
import { startWorker, type Worker, type WorkerDeps } from '../../../src/processes/startWorker';
import type { DispatchQueue } from '../../../src/queue/dispatchQueue';
import { openEmbeddedQueue } from '../../../src/queue/embeddedQueue';
import { type Relay, startRelay } from '../../../src/relay/relay';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { ReceiptTokens, receiptTokenLength } from '../../../src/secrets/receiptToken';
import { SealedBox } from '../../../src/secrets/sealedBox';
import { type FreshDatabase, freshDatabase } from './freshDatabase';

/** The engine without its door: database, queue, relay and worker inside the test's own process. */
export interface InProcess {
  readonly database: Database;
  readonly queue: DispatchQueue;
  readonly installation: InstallationState;
  readonly receipts: ReceiptTokens;
  register(
    browser: { endpoint: string; keys: { p256dh: string; auth: string } },
    options?: { userId?: string; tags?: string[]; applicationId?: number },
  ): Promise<number>;
  send(request: Partial<SendRequest> & Pick<SendRequest, 'audience'>): Promise<number>;
  vapidPublicKey(): Promise<string>;
  /** A second tenant; `vapidPublicKey` gives its key from then on. @returns its id */
  addApplication(): Promise<number>;
  startWorker(parts?: Partial<WorkerDeps>): Promise<Worker>;
  stopWorkers(): Promise<void>;
  stop(): Promise<void>;
}

export async function startInProcess(
  kind: 'sqlite' | 'mysql',
  pushService: LocalPushService,
): Promise<InProcess> {
  const fresh = await freshDatabase(kind);
  const database = await openDatabase(fresh.target);
  const queue = openEmbeddedQueue();
  const secret = new MasterSecret(randomBytes(32).toString('hex'));
  const boxes = { authBox: new SealedBox(secret, 'auth'), vapidBox: new SealedBox(secret, 'vapid') };
  const installation = await bootstrap({
    database,
    secret,
    vapidBox: boxes.vapidBox,
    production: false,
    demo: false,
    keepsKeys: true,
    adminKey: undefined,
  });
  const relay = await startRelay({ database, queue, log: silentLog, soleProcess: true, poll: true });
  return assemble({ fresh, database, queue, relay, installation, secret, ...boxes, pushService });
}

function assemble(parts: {
  fresh: FreshDatabase;
  database: Database;
  queue: DispatchQueue;
  relay: Relay;
  installation: InstallationState;
  secret: MasterSecret;
  authBox: SealedBox;
  vapidBox: SealedBox;
  pushService: LocalPushService;
}): InProcess {
  const { database, queue, relay, installation, authBox, vapidBox } = parts;
  const pushHosts = parsePushHosts(`localhost:${parts.pushService.port}`);
  const receipts = new ReceiptTokens(parts.secret);
  const receiptUrl = 'http://localhost:4000/graphql';
  const workers: Worker[] = [];
  const stopWorkers = async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop(1_000)));
  };
  return {
    database,
    queue,
    installation,
    receipts,
    register: async (browser, options = {}) => {
      const endpoint = checkPushEndpoint(browser.endpoint, pushHosts);
      if (!endpoint.allowed) throw new Error(endpoint.message);
      const { subscription } = await registerPushSubscription(
        { database, authBox },
        {
          applicationId: installation.applicationId,
          ...options,
          endpoint: endpoint.endpoint,
          pushService: endpoint.pushService,
          p256dh: Buffer.from(browser.keys.p256dh, 'base64url'),
          auth: Buffer.from(browser.keys.auth, 'base64url'),
        },
      );
      return subscription.id;
    },
    send: async (request) => {
      const { notification } = await acceptNotification(
        {
          database,
          ids: installation.ids,
          receiptUrl,
          receiptTokenLength,
          announce: (lane, notificationId, dispatchIds) =>
            void relay.publishNow(
              lane,
              dispatchIds.map((dispatchId) => ({ dispatchId, notificationId })),
            ),
        },
        {
          applicationId: installation.applicationId,
          apiKeyId: 1,
          content: { title: 'Hello' },
          ttlSeconds: 3600,
          urgency: 'normal',
          ...request,
        },
      );
      return notification.id;
    },
    addApplication: async () => {
      const intake = { ids: installation.ids, receiptUrl, receiptTokenLength };
      const created = await createApplication({ database, vapidBox, intake }, 'second', {});
      return created.application.id;
    },
    vapidPublicKey: async () => (await currentVapidKey(database)).publicKey,
    startWorker: async (changed = {}) => {
      const worker = await startWorker({
        ...{
          database,
          queue,
          relay,
          ids: installation.ids,
          receipts,
          authBox,
          vapidBox,
          pushHosts,
        },
        vapidSubject: 'mailto:test@fanfare.example',
        pushCa: undefined,
        prefetch: 4,
        // a thread runs compiled code, and this is source
        encryptionThreads: 0,
        leaseSeconds: 3,
        retentionDays: 0,
        statisticsDays: 0,
        subscriptionsMost: 0,
        metrics: createMetrics(),
        log: silentLog,
        ...changed,
      });
      workers.push(worker);
      return worker;
    },
    stopWorkers,
    stop: async () => {
      await stopWorkers();
      await relay.stop();
      await queue.close();
      await database.close();
      await parts.fresh.drop();
    },
  };
}

async function currentVapidKey(database: Database): Promise<VapidKey> {
  return database.entities.findOneOrFail(VapidKey, { where: {}, order: { id: 'DESC' } });
}
