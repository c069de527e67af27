import type { Installation } from './installation';
import { cpuMicroseconds } from './processUsage';
import type { Sink } from './sinkProcess';
import { until } from './until';

/** One notification to everyone, from the call to COMPLETED. */
export interface Broadcast {
  readonly deliveries: number;
  /** Until the caller had its answer. */
  readonly answeredMs: number;
  /** Until the first POST reached the push service, counted from the call. */
  readonly firstPostMs: number;
  /** Until every outcome was recorded. */
  readonly completedMs: number;
  /** CPU time of each process, in microseconds per delivery. */
  readonly cpu: Readonly<Record<string, number>>;
}

export const content = {
  title: 'Your order has shipped',
  body: 'It left our warehouse this morning and arrives on Friday between 9 and 12.',
  navigate: 'https://shop.example/orders/84213',
};

const patienceMs = 3_600_000;

export interface BroadcastOptions {
  /** How long the push service takes to answer. */
  readonly delayMs?: number;
  /** Told once the call has its answer, while the deliveries are under way. */
  readonly onAnswered?: () => void;
}

/** Sends to everyone, waits for the end, and checks that every browser got exactly one POST. */
export async function broadcast(
  installation: Installation,
  sink: Sink,
  deliveries: number,
  options: BroadcastOptions = {},
): Promise<Broadcast> {
  await sink.begin({ browsers: deliveries, delayMs: options.delayMs ?? 0 });
  const before = readCpu(installation, sink);
  const startedAt = process.hrtime.bigint();
  const id = await sendToEveryone(installation);
  const answeredMs = since(startedAt);
  options.onAnswered?.();
  await until('the end of the broadcast', patienceMs, () => isCompleted(installation, id, deliveries), 250);
  const completedMs = since(startedAt);
  const after = readCpu(installation, sink);
  const perDelivery = Object.entries(after).map(([name, us]) => [
    name,
    (us - (before[name] ?? 0)) / deliveries,
  ]);
  const firstPostAtNs = await checkPosts(sink, deliveries);
  return {
    ...{ deliveries, answeredMs, completedMs },
    firstPostMs: Number(firstPostAtNs - startedAt) / 1e6,
    cpu: Object.fromEntries(perDelivery),
  };
}

/** @returns when the first POST came, on the clock of `process.hrtime` */
async function checkPosts(sink: Sink, deliveries: number): Promise<bigint> {
  const report = await sink.report();
  if (report.distinct !== deliveries || report.posts !== deliveries || report.faulty > 0) {
    throw new Error(
      `The push service got ${report.posts} POSTs for ${report.distinct} of ${deliveries} browsers, ` +
        `${report.faulty} of them faulty: ${report.faults.join('; ')}`,
    );
  }
  return BigInt(report.firstPostAtNs ?? 0);
}

/** @returns the id of the notification, once the API has answered */
export async function sendToEveryone({ caller }: Installation): Promise<string> {
  const { sendNotification } = await caller<{ sendNotification: { notification: { id: string } } }>(
    'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } } }',
    { input: { audience: { everyone: true }, content } },
  );
  return sendNotification.notification.id;
}

interface Progress {
  notification: { status: string; progress: { targeted: number; accepted: number } };
}

async function isCompleted(
  installation: Installation,
  id: string,
  deliveries: number,
): Promise<true | undefined> {
  const { notification } = await installation.caller<Progress>(
    'query ($id: ID!) { notification(id: $id) { status progress { targeted accepted } } }',
    { id },
  );
  if (notification.status !== 'COMPLETED') return undefined;
  const { targeted, accepted } = notification.progress;
  if (targeted === deliveries && accepted === deliveries) return true;
  throw new Error(`Of ${deliveries} deliveries ${targeted} were targeted and ${accepted} accepted.`);
}

function readCpu(installation: Installation, sink: Sink): Record<string, number> {
  const processes = [...installation.processes, { name: 'sink', pid: sink.pid }];
  return Object.fromEntries(processes.map(({ name, pid }) => [name, cpuMicroseconds(pid)]));
}

function since(startedAt: bigint): number {
  return Number(process.hrtime.bigint() - startedAt) / 1e6;
}
