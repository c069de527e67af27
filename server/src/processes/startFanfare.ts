import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config, Role } from '../config';
import { type Database, openDatabase } from '../database/openDatabase';
import { type PushHostPolicy, parsePushHosts } from '../egress/pushHostPolicy';
import { startHealthServer } from '../http/startHealthServer';
import { type HttpRules, type RunningHttpServer, startHttpServer } from '../http/startHttpServer';
import type { PublicIds } from '../model/ids/publicIds';
import { lanes } from '../model/lane';
import { isLoopbackHost } from '../model/url/loopbackHost';
import type { Log } from '../observe/log';
import { createMetrics, type Metrics } from '../observe/metrics';
import { openAmqpQueue } from '../queue/amqp/amqpQueue';
import type { DispatchQueue } from '../queue/dispatchQueue';
import { openEmbeddedQueue } from '../queue/embeddedQueue';
import { type Relay, startRelay } from '../relay/relay';
import type { MasterSecret } from '../secrets/masterSecret';
import { PersonHashes } from '../secrets/personHashes';
import { PlaygroundPasses } from '../secrets/playgroundPasses';
import { ReceiptTokens } from '../secrets/receiptToken';
import { SealedBox } from '../secrets/sealedBox';
import { SealedCursors } from '../secrets/sealedCursors';
import { type DispatchCounts, dispatchCounts } from '../views/health/dispatchCounts';
import { bootstrap, type InstallationState } from './bootstrap';
import { claimDatabase } from './claimDatabase';
import { endRounds } from './endRounds';
import { installationSecret } from './installationSecret';
import { startWorker, type Worker } from './startWorker';
import { whenDatabaseAnswers } from './whenDatabaseAnswers';
import { whenQueueConnected } from './whenQueueConnected';

/*
 * The composition root: builds every part once and hands each what it needs. In: the configuration and a role. Out: a
 * running process with one `stop`. Called by the `start` command, the demo and the tests.
 */

export interface Fanfare {
  /** Where the API listens; undefined for a worker alone. */
  readonly url: string | undefined;
  /** Where browsers reach the API: FANFARE_PUBLIC_URL, or localhost with the port that is listened at. */
  readonly publicUrl: string;
  readonly installation: InstallationState;
  /** Resolves once the queue can be used, which the log says is waited for. */
  readonly queueConnected: Promise<void>;
  /** Resolves when another process has taken over a database that is for one process: then this one must stop. */
  readonly claimLost: Promise<void>;
  /**
   * Settles or hands back what is under way, within 30 seconds.
   * @param drains whether to go on serving for FANFARE_DRAIN_SECONDS, as not ready; default true
   */
  stop(drains?: boolean): Promise<void>;
}

export interface StartOptions {
  readonly config: Config;
  readonly role: Role;
  readonly log: Log;
  /** `host:port` of a local push service, in development. */
  readonly localPushHosts?: readonly string[];
  /** How long another process on a database that is for one may take to end; default 30,000. */
  readonly claimTimeoutMs?: number;
}

const graceMs = 12_000;
/** The pages and scripts that the API process serves, relative to this file's place in `server/dist`. */
const clientDir = join(__dirname, '../../../client/dist');

/** What API and worker both use. */
interface Shared {
  readonly database: Database;
  readonly queue: DispatchQueue;
  readonly relay: Relay;
  readonly ids: PublicIds;
  readonly receipts: ReceiptTokens;
  readonly cursors: SealedCursors;
  readonly authBox: SealedBox;
  readonly vapidBox: SealedBox;
  readonly userProofBox: SealedBox;
  readonly personHashes: PersonHashes;
  readonly playgroundPasses: PlaygroundPasses;
  readonly peerNetworkKey: Buffer;
  readonly pushHosts: PushHostPolicy;
  readonly metrics: Metrics;
  readonly log: Log;
}

export async function startFanfare(options: StartOptions): Promise<Fanfare> {
  const config = await withPort(options.config, options.role);
  const claim = await claimDatabase(config, options.log, options.claimTimeoutMs);
  const { shared, installation } = await lay(config, options).catch(async (error: unknown) => {
    await claim.release();
    throw error;
  });
  const closeShared = async () => {
    await shared.queue.close();
    await shared.database.close();
    await claim.release();
  };
  try {
    const { http, worker } = await startRoles(config, options, shared, installation);
    return {
      url: http?.url,
      publicUrl: config.publicUrl,
      installation,
      queueConnected: whenQueueConnected(shared.queue, options.log),
      claimLost: claim.lost,
      stop: async (drains = true) => {
        const workerEnd = worker?.stop(graceMs);
        const drainMs = drains ? config.drainSeconds * 1_000 : 0;
        // probes are answered until a worker has ended; callers of an API get the time to go to another process
        const drained = options.role === 'worker' ? workerEnd : drainMs > 0 ? delay(drainMs) : undefined;
        // each has its own grace, and none takes work while another one is waited for
        const rounds = endRounds(options.log, [shared.relay.stop()]);
        await Promise.all([http?.stop({ drained }), workerEnd, rounds]);
        await closeShared();
      },
    };
  } catch (error) {
    await shared.relay.stop();
    await closeShared();
    throw error;
  }
}

/** The door first, so that an address in use ends this process before it takes any work. */
async function startRoles(
  config: Config,
  options: StartOptions,
  shared: Shared,
  installation: InstallationState,
): Promise<{ http: RunningHttpServer | undefined; worker: Worker | undefined }> {
  let started = options.role === 'api';
  const http = await startHttp(config, options, shared, installation, () => started);
  if (options.role === 'api') return { http, worker: undefined };
  const worker = await startWorker({
    ...shared,
    vapidSubject: config.vapidSubject,
    pushCa: config.pushCaFile === undefined ? undefined : readFileSync(config.pushCaFile),
    prefetch: config.prefetch,
    encryptionThreads: config.encryptionThreads,
    leaseSeconds: config.leaseSeconds,
    retentionDays: config.retentionDays,
    statisticsDays: config.statisticsDays,
    subscriptionsMost: config.subscriptionsMost,
  });
  started = true;
  return { http, worker };
}

/** Everything below the API and the worker, in the order in which the parts need each other. */
async function lay(
  config: Config,
  options: StartOptions,
): Promise<{ shared: Shared; installation: InstallationState }> {
  const { log, role } = options;
  const metrics = createMetrics(log);
  const database = await whenDatabaseAnswers(log, () => openDatabase(config.database));
  const { secret, installation } = await found(config, role, database).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const { ids, applicationId } = installation;
  const queue = await openQueue(config, role, ids.encode('application', applicationId), log);
  const vapidBox = new SealedBox(secret, 'vapid');
  watchQueue(metrics, queue, database);
  const soleProcess = config.amqpUrl === undefined;
  const shared: Shared = {
    ...{ database, queue, metrics, log, vapidBox, ids },
    relay: await startRelay({ database, queue, log, soleProcess, poll: role !== 'api' }),
    receipts: new ReceiptTokens(secret),
    cursors: new SealedCursors(secret),
    authBox: new SealedBox(secret, 'auth'),
    userProofBox: new SealedBox(secret, 'user-proof'),
    personHashes: new PersonHashes(secret),
    playgroundPasses: new PlaygroundPasses(secret),
    peerNetworkKey: secret.deriveKey('peer-network'),
    pushHosts: withLocalHosts(config.pushHosts, options.localPushHosts ?? []),
  };
  return { shared, installation };
}

/** The secret, and what the database of an installation holds from its first start on. */
async function found(
  { production, adminKey, publicUrl, ...settings }: Config,
  role: Role,
  database: Database,
): Promise<{ secret: MasterSecret; installation: InstallationState }> {
  const secret = await installationSecret(database, settings);
  const installation = await bootstrap({
    ...{ database, secret, production, adminKey },
    vapidBox: new SealedBox(secret, 'vapid'),
    demo: !production && isLoopbackHost(new URL(publicUrl).hostname),
    keepsKeys: role !== 'worker',
  });
  return { secret, installation };
}

async function startHttp(
  config: Config,
  options: StartOptions,
  shared: Shared,
  installation: InstallationState,
  isStarted: () => boolean,
): Promise<RunningHttpServer | undefined> {
  const { host, port, publicUrl, keepAliveSeconds } = config;
  const { demoKeys } = installation;
  const registry = shared.metrics.registry;
  if (options.role === 'worker') {
    // several workers may share a machine: one that was given no port needs none
    return config.portGiven
      ? startHealthServer({ ...shared, host, port, registry, isStarted, keepAliveSeconds })
      : undefined;
  }
  return startHttpServer({
    ...shared,
    ...{ host, port, publicUrl, registry, clientDir },
    rules: httpRules(config),
    receiptTokens: shared.receipts,
    announce: (lane, notificationId, dispatchIds) => {
      const messages = dispatchIds.map((dispatchId) => ({ dispatchId, notificationId }));
      // the answer does not wait for the queue: what fails here is published by the next round of the relay
      shared.relay.publishNow(lane, messages).catch((error: unknown) => {
        options.log.warn({ err: error }, 'fresh dispatches wait for the relay');
      });
    },
    demo: demoKeys && { key: demoKeys.publishableKey, sendKey: demoKeys.sendKey },
  });
}

/** Every rule that is a setting; the others are as in tests. */
function httpRules(
  config: Config,
): Omit<HttpRules, 'socketRecheckMs' | 'requestTimeoutMs' | 'answerDeadline'> {
  const { rateLimits, subscriptionsPerUser, trustedProxies, onlyKnownDocuments } = config;
  const { maxConnections, webSockets, keepAliveSeconds } = config;
  const { subscriptionsMost, newSubscriptionsPerHour } = config;
  return {
    ...{ subscriptionsMost, newSubscriptionsPerHour },
    ...{
      rateLimits,
      subscriptionsPerUser,
      trustedProxies,
      onlyKnownDocuments,
      maxConnections,
      webSockets,
      keepAliveSeconds,
    },
    hidesSchema: config.production,
  };
}

/** Port 0 means any; which one must be known before receipts can name it. */
async function withPort(config: Config, role: Role): Promise<Config> {
  if (config.port !== 0 || role === 'worker') return config;
  const port = await freePort(config.host);
  return { ...config, port, publicUrl: config.publicUrl.replace(/:0$/, `:${port}`) };
}

async function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function openQueue(config: Config, role: Role, installation: string, log: Log): Promise<DispatchQueue> {
  if (config.amqpUrl === undefined) return openEmbeddedQueue({ log });
  return openAmqpQueue({
    url: config.amqpUrl,
    caFile: config.amqpCaFile,
    prefix: config.queuePrefix,
    installation,
    connectionName: `fanfare ${role}`,
    log,
  });
}

function watchQueue(metrics: Metrics, queue: DispatchQueue, database: Database): void {
  const depths = async () =>
    Promise.all(
      lanes.map(async (lane) => ({ labels: { lane }, value: (await queue.depth(lane)) ?? Number.NaN })),
    );
  metrics.watch('fanfare_queue_depth', 'Dispatches that wait in the queue', depths);
  metrics.watch('fanfare_queue_connected', '1 while the queue can be used', () => [
    { value: Number(queue.connected) },
  ]);
  metrics.watch('fanfare_dead_letters', 'Messages that were given up', async () => [
    { value: (await queue.deadLetters()) ?? Number.NaN },
  ]);
  metrics.watch('fanfare_dispatches', 'Dispatches in the database, by what they wait for', () =>
    countDispatches(database),
  );
  metrics.watch(
    'fanfare_suspect_dispatches',
    'Dispatches whose worker died three times; they are sent alone',
    async () => {
      const counts = await dispatchCounts(database, database.now());
      return [{ value: counts.reduce((sum, { suspect }) => sum + suspect, 0) }];
    },
  );
}

async function countDispatches(database: Database) {
  const lanesOfWork = await dispatchCounts(database, database.now());
  const states = {
    waiting: ({ due, later }: DispatchCounts) => due + later,
    published: ({ queued }: DispatchCounts) => queued,
    'under way': ({ underWay }: DispatchCounts) => underWay,
    dead: ({ dead }: DispatchCounts) => dead,
  };
  return Object.entries(states).map(([state, sizeOf]) => ({
    labels: { state },
    value: lanesOfWork.reduce((sum, lane) => sum + sizeOf(lane), 0),
  }));
}

function withLocalHosts(policy: PushHostPolicy, hosts: readonly string[]): PushHostPolicy {
  return {
    ...policy,
    privateHosts: [...policy.privateHosts, ...parsePushHosts(hosts.join(',')).privateHosts],
  };
}
