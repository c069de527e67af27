import { peakMegabytes } from '../bench/processUsage';
import { UndoStack } from '../bench/undoStack';
import { until } from '../test/support/until';
import type { ServiceReport } from './behaviour';
import { checkInvariants } from './checkInvariants';
import type { Fault } from './fault';
import type { Ground } from './ground';
import { Installation } from './installation';
import { type ProbeResult, probeBrowsers } from './probes';
import { Scene } from './scene';

/** What one fault did, in counts. */
export interface FaultResult {
  readonly name: string;
  readonly engine: string;
  readonly deliveries: number;
  /** Browsers that no accepted POST was made to. */
  readonly lost: number;
  /** Accepted POSTs beyond one a browser. */
  readonly doubled: number;
  /** Push subscriptions that retired, though no push service said that one is gone. */
  readonly wronglyRetired: number;
  /** From the call that sends to the last outcome recorded. */
  readonly durationMs: number;
  /** From the end of the harm to the last outcome recorded. */
  readonly recoveryMs: number;
  /** Until the healthy push service had everything; undefined where there was no other. */
  readonly healthyMs: number | undefined;
  readonly probes: ProbeResult | undefined;
  /** The most resident memory of any worker at its end. */
  readonly workerMegabytes: number;
  readonly remark: string | undefined;
  readonly wrong: readonly string[];
}

const patienceMs = 300_000;

/** Opens an installation, sends to everyone, hurts it, waits for the end and counts. */
export async function playFault(ground: Ground, fault: Fault, deliveries: number): Promise<FaultResult> {
  const undo = new UndoStack();
  // an interrupted run takes back what its fault has made, too
  await ground.undo.add(() => undo.run());
  try {
    const options = { engine: fault.engine, throughProxies: fault.throughProxies ?? false };
    const installation = await Installation.open(ground, undo, options);
    try {
      return await play(ground, fault, deliveries, installation);
    } catch (error) {
      if (error instanceof Error) error.message += `\n${installation.logs.slice(-6_000)}`;
      throw error;
    }
  } finally {
    await undo.run();
  }
}

async function play(
  ground: Ground,
  fault: Fault,
  deliveries: number,
  installation: Installation,
): Promise<FaultResult> {
  const hurtBrowsers = Math.round(deliveries * fault.hurtShare);
  await installation.seed('hurt', 0, hurtBrowsers);
  await installation.seed('healthy', hurtBrowsers, deliveries - hurtBrowsers + probeBrowsers);
  const scene = new Scene(ground, installation, deliveries, hurtBrowsers);
  await ground.services.begin(deliveries + probeBrowsers);
  const delayMs = fault.delayMs ?? 10;
  for (const name of ['hurt', 'healthy'] as const) await scene.behave(name, { kind: 'well', delayMs });
  const { remark, mendedAt, healthyMs } = await harm(scene, fault);
  await until(() => scene.isCompleted(), `the end of "${fault.name}"`, patienceMs);
  const completedAt = await lastOutcomeAt(scene);
  const probes = await scene.probes.stop();
  await until(() => scene.isCompleted(), 'the end of the messages to single users', patienceMs);
  const workerMegabytes = Math.max(...installation.workers.map(({ pid }) => peakMegabytes(pid)));
  const { hurt, healthy } = await scene.report();
  const counts = countPosts(deliveries + probeBrowsers, hurt, healthy);
  const wronglyRetired = await scene.count('push_subscription', "retiredReason = 'gone'");
  const wrong = await judge(scene, fault, { ...counts, wronglyRetired });
  await installation.stop().catch((error: Error) => wrong.push(error.message));
  return {
    ...{ name: fault.name, engine: fault.engine, deliveries, ...counts, wronglyRetired },
    ...{ durationMs: completedAt - scene.startedAt, recoveryMs: Math.max(0, completedAt - mendedAt) },
    ...{ healthyMs, probes, workerMegabytes, remark, wrong },
  };
}

async function harm(scene: Scene, fault: Fault) {
  let healthyMs: Promise<number> | undefined;
  const send = async () => {
    await scene.send();
    if (scene.hurtBrowsers > 0 && scene.hurtBrowsers < scene.deliveries) healthyMs = healthyDone(scene);
  };
  if (fault.begins === 'under way') {
    await send();
    await until(async () => (await scene.posts()) > scene.deliveries / 20, 'a broadcast under way', 60_000);
  }
  const playing = fault.play(scene);
  if (fault.begins === 'before') await send();
  const remark = await playing;
  const mendedAt = Date.now();
  return { remark, mendedAt, healthyMs: await healthyMs };
}

/** Milliseconds from the call to the last browser of the healthy push service. */
async function healthyDone(scene: Scene): Promise<number> {
  const wanted = scene.deliveries - scene.hurtBrowsers;
  await until(async () => (await scene.report()).healthy.distinct >= wanted, 'the healthy half', patienceMs);
  return Date.now() - scene.startedAt;
}

async function lastOutcomeAt(scene: Scene): Promise<number> {
  const [row] = await scene.installation.database.sql.rows<{ at: number }>(
    "SELECT MAX(completedAt) AS at FROM notification WHERE lane = 'bulk'",
  );
  return Number(row?.at);
}

function countPosts(browsers: number, hurt: ServiceReport, healthy: ServiceReport) {
  return { lost: browsers - hurt.distinct - healthy.distinct, doubled: hurt.doubled + healthy.doubled };
}

async function judge(
  scene: Scene,
  fault: Fault,
  counts: { lost: number; doubled: number; wronglyRetired: number },
): Promise<string[]> {
  const wrong = await checkInvariants(scene);
  if (counts.lost > 0) wrong.push(`${counts.lost} lost`);
  if (counts.wronglyRetired > 0) wrong.push(`${counts.wronglyRetired} wrongly retired`);
  if (fault.neverDoubles && counts.doubled > 0) wrong.push(`${counts.doubled} doubled`);
  return [...wrong, ...((await fault.judge?.(scene)) ?? [])];
}
