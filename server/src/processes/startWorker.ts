import { randomUUID } from 'node:crypto';
import { type Expander, startExpander } from '../audience/expander';
import type { Database } from '../database/openDatabase';
import { type DeliveryDeps, deliverDispatch } from '../delivery/deliverDispatch';
import { EventLoopLoad } from '../delivery/eventLoopLoad';
import { EventLoopYield } from '../delivery/eventLoopYield';
import { Comebacks } from '../delivery/flow/comebacks';
import { type ServiceState, serviceStates } from '../delivery/flow/gateStates';
import { KeyHolds } from '../delivery/flow/keyHolds';
import { lanePrefetch } from '../delivery/flow/lanePrefetch';
import { LaneShares } from '../delivery/flow/laneShares';
import { PushServiceGates } from '../delivery/flow/pushServiceGates';
import { Recall } from '../delivery/flow/recall';
import { type GateReporter, reportGates } from '../delivery/flow/reportGates';
import { LeaseKeeper } from '../delivery/leaseKeeper';
import { Pauses } from '../delivery/pauses';
import { PushMessages } from '../delivery/pushMessages';
import { Semaphore } from '../delivery/semaphore';
import { SigningKeys } from '../delivery/signingKeys';
import { Isolation } from '../delivery/suspects/isolation';
import { ConnectGuard } from '../egress/guardedLookup';
import type { PushHostPolicy } from '../egress/pushHostPolicy';
import { pushServiceName } from '../egress/pushServiceName';
import { type Janitor, startJanitor } from '../janitor/startJanitor';
import { NearlyFull } from '../janitor/warnNearlyFull';
import type { PublicIds } from '../model/ids/publicIds';
import { lanes } from '../model/lane';
import type { Log } from '../observe/log';
import type { Metrics } from '../observe/metrics';
import type { Consumption, DispatchQueue } from '../queue/dispatchQueue';
import type { Relay } from '../relay/relay';
import type { ReceiptTokens } from '../secrets/receiptToken';
import type { SealedBox } from '../secrets/sealedBox';
import { CheckedOrigins } from '../webPush/checkedOrigins';
import { EncryptionThreads } from '../webPush/encryption/encryptionThreads';
import { openPushTransport, type PushTransport } from '../webPush/transport/pushTransport';
import { VapidTokens } from '../webPush/vapid/vapidAuthorization';
import { endRounds } from './endRounds';

/** What a worker is made of. */
export interface WorkerDeps {
  readonly database: Database;
  readonly queue: DispatchQueue;
  readonly relay: Relay;
  readonly ids: PublicIds;
  readonly receipts: ReceiptTokens;
  readonly authBox: SealedBox;
  readonly vapidBox: SealedBox;
  readonly vapidSubject: string;
  readonly pushHosts: PushHostPolicy;
  readonly pushCa: Buffer | undefined;
  /** Dispatches of broadcasts held at a time; of those to named people it is a multiple. */
  readonly prefetch: number;
  /** Threads that encrypt broadcasts; 0: the event loop does. */
  readonly encryptionThreads: number;
  readonly leaseSeconds: number;
  /** 0: what is finished stays. */
  readonly retentionDays: number;
  /** How long counts of outcomes are kept; 0: for ever. */
  readonly statisticsDays: number;
  /** Live push subscriptions of an application without a limit of its own; 0: any number. */
  readonly subscriptionsMost: number;
  readonly metrics: Metrics;
  readonly log: Log;
}

export interface Worker {
  /** Takes nothing new, settles or hands back what is under way, and resolves when all is written. */
  stop(graceMs: number): Promise<void>;
}

/** Outcomes that bring nobody anything are written so many at a time, and wait for so long at the most. */
const lowPriorityWritesAtOnce = 2;
const lowPriorityWaitMs = 500;

/** Starts expansion and delivery: takes dispatches of both lanes until it is stopped. */
export async function startWorker(parts: WorkerDeps): Promise<Worker> {
  const transport = openPushTransport({ guard: new ConnectGuard(parts.pushHosts), extraCa: parts.pushCa });
  const load = new EventLoopLoad();
  const encryption = parts.encryptionThreads > 0 ? new EncryptionThreads(parts.encryptionThreads) : undefined;
  const gates = new PushServiceGates(
    parts.database.now,
    () => load.isFull() || (encryption?.isBehind ?? false),
  );
  const worker = randomUUID();
  const leases = new LeaseKeeper(parts.database, worker, parts.leaseSeconds * 1000, parts.log);
  const labels = parts.metrics.pushServices;
  const reporter = reportGates({ database: parts.database, gates, labels, worker, log: parts.log });
  let stopping = false;
  const pipeline = createPipeline(parts, {
    ...{ transport, gates, leases, reporter, encryption },
    stopping: () => stopping,
  });
  watchGates(parts.metrics, gates, transport);
  const expander = startExpander({
    database: parts.database,
    log: parts.log,
    onPage: () => parts.relay.nudge(),
  });
  const nearlyFull = new NearlyFull(parts, parts.subscriptionsMost);
  parts.metrics.watch(
    'fanfare_subscriptions_used_ratio',
    'Share of its limit of push subscriptions that the fullest application has used',
    () => [{ value: nearlyFull.fullest }],
  );
  const janitor = startJanitor({
    nearlyFull,
    database: parts.database,
    retentionDays: parts.retentionDays,
    statisticsDays: parts.statisticsDays,
    log: parts.log,
  });
  const pauses = new Pauses({
    ...{ database: parts.database, gates, labels, log: parts.log },
    deliver: (message, probed) => deliverDispatch(pipeline, message, probed),
    now: parts.database.now,
    stopping: () => stopping,
  });
  await pauses.start();
  const prefetch = lanePrefetch(parts.prefetch);
  const consumptions = await Promise.all(
    lanes.map((lane) =>
      parts.queue.consume(lane, prefetch[lane], (message) => deliverDispatch(pipeline, message)),
    ),
  );
  return {
    stop: async (graceMs) => {
      stopping = true;
      const { recall } = pipeline;
      await stopInOrder(
        {
          expander,
          janitor,
          consumptions,
          gates,
          transport,
          recall,
          pauses,
          leases,
          reporter,
          log: parts.log,
        },
        graceMs,
      );
      await encryption?.stop();
    },
  };
}

function createPipeline(
  parts: WorkerDeps,
  own: Pick<DeliveryDeps, 'transport' | 'gates' | 'leases' | 'encryption' | 'stopping'> & {
    reporter: GateReporter;
  },
): DeliveryDeps {
  const { reporter, ...pipeline } = own;
  const keyHolds = new KeyHolds((pushService, vapidKeyId) =>
    parts.log.error(
      { pushService, vapidKeyId },
      'a push service refuses our VAPID key: its deliveries are held back',
    ),
  );
  parts.metrics.watch(
    'fanfare_vapid_key_held',
    '1 while deliveries wait because a VAPID key is refused',
    () =>
      labelled(parts.metrics, keyHolds.held(parts.database.now())).map(({ label }) => ({
        labels: { push_service: label },
        value: 1,
      })),
  );
  const [comebacks, shares] = [
    new Comebacks(parts.database.now),
    new LaneShares(lanePrefetch(parts.prefetch)),
  ];
  parts.database.clock.onStep(({ byMs }) => {
    for (const each of [own.gates, keyHolds, comebacks]) each.moveWithClock(byMs);
  });
  const { database, log } = parts;
  const publish = parts.relay.publishNow;
  const recall = new Recall({ ...pipeline, database, comebacks, shares, publish, log, now: database.now });
  return {
    ...pipeline,
    keyHolds,
    database,
    ids: parts.ids,
    isolation: new Isolation(own.gates),
    messages: new PushMessages(parts.ids),
    tokens: new VapidTokens(),
    signingKeys: new SigningKeys(parts.database, parts.vapidBox, parts.vapidSubject),
    receipts: parts.receipts,
    authBox: parts.authBox,
    origins: new CheckedOrigins(parts.pushHosts),
    pace: new EventLoopYield(),
    shares,
    comebacks,
    recall,
    lowPriorityWrites: new Semaphore(lowPriorityWritesAtOnce, lowPriorityWaitMs),
    now: database.now,
    machineTime: (at) => at + database.clock.differenceMs,
    log,
    onAttempt: (pushService, outcome, durationMs) => {
      parts.metrics.onAttempt(pushService, outcome, durationMs);
      reporter.onAttempt(pushService);
    },
  };
}

/** Nothing new is begun. Deliveries that wait at a gate go back at once; POSTs under way get the grace time for their answers. */
async function stopInOrder(
  running: {
    expander: Expander;
    janitor: Janitor;
    consumptions: Consumption[];
    gates: PushServiceGates;
    transport: PushTransport;
    recall: Recall;
    pauses: Pauses;
    leases: LeaseKeeper;
    reporter: GateReporter;
    log: Log;
  },
  graceMs: number,
): Promise<void> {
  running.gates.turnAway();
  const rounds = endRounds(running.log, [running.expander.stop(), running.janitor.stop()]);
  const ending = Promise.all(running.consumptions.map((consumption) => consumption.stop()));
  await running.transport.close(graceMs);
  await Promise.all([rounds, ending]);
  await endRounds(running.log, [running.recall.ended(), running.pauses.stop()]);
  running.leases.stop();
  await running.reporter.stop();
}

/** @returns each label once, and how often it is meant */
function labelled(metrics: Metrics, flowNames: Iterable<string>): { label: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const flowName of flowNames) {
    const label = metrics.pushServices.of(pushServiceName(flowName));
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts].map(([label, count]) => ({ label, count }));
}

function watchGates(metrics: Metrics, gates: PushServiceGates, transport: PushTransport): void {
  const each = (read: (state: ServiceState) => number) => () =>
    [...serviceStates(gates, metrics.pushServices)].map(([label, state]) => ({
      labels: { push_service: label },
      value: read(state),
    }));
  metrics.watch(
    'fanfare_push_service_limit',
    'POSTs that may be under way at once',
    each((gate) => gate.limit),
  );
  metrics.watch(
    'fanfare_push_service_under_way',
    'POSTs without an answer yet',
    each((gate) => gate.underWay),
  );
  metrics.watch(
    'fanfare_push_service_waiting',
    'Deliveries that wait for a place',
    each((gate) => gate.waiting),
  );
  metrics.watch(
    'fanfare_push_service_open',
    '1 while the circuit breaker keeps deliveries back',
    each((gate) => (gate.state === 'closed' ? 0 : 1)),
  );
  metrics.watch(
    'fanfare_push_service_throttled',
    'Applications whose deliveries wait because the push service throttles them',
    () =>
      labelled(
        metrics,
        [...gates.throttled()].map(({ flowName }) => flowName),
      ).map(({ label, count }) => ({ labels: { push_service: label }, value: count })),
  );
  metrics.watch('fanfare_push_connections', 'HTTP/2 connections to push services', () => [
    { value: transport.stats.connections },
  ]);
}
