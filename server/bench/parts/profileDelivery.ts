import { mkdirSync } from 'node:fs';
import type { BenchPlace } from '../benchPlace';
import { broadcast } from '../broadcast';
import { type Engine, openInstallation } from '../installation';
import { cpuMicroseconds } from '../processUsage';
import { summariseProfile } from '../profile';
import { figure, printTable } from '../table';

export interface ProfileOptions {
  readonly engine: Engine;
  readonly deliveries: number;
  readonly rounds: number;
  /** Where the profile is left, for Chrome's developer tools. */
  readonly folder: string;
  /** How long the push service takes to answer. */
  readonly delayMs: number;
}

const functionsShown = 45;
const samplingMicroseconds = 250;

/** Runs broadcasts with the delivering process under V8's profiler and prints where its time went, per delivery. */
export async function profileDelivery(place: BenchPlace, options: ProfileOptions): Promise<unknown> {
  const { engine, deliveries, rounds, delayMs, folder } = options;
  mkdirSync(folder, { recursive: true });
  const installation = await openInstallation(place, {
    engine,
    workerNodeOptions: [
      '--cpu-prof',
      `--cpu-prof-dir=${folder}`,
      `--cpu-prof-interval=${samplingMicroseconds}`,
    ],
    // the profiler sees one thread
    env: { FANFARE_ENCRYPTION_THREADS: '0' },
  });
  let fromNs = 0n;
  let toNs = 0n;
  let workerUs = 0;
  try {
    await installation.seed({ from: 0, count: deliveries });
    await broadcast(installation, place.sink, deliveries, { delayMs });
    fromNs = process.hrtime.bigint();
    const before = cpuMicroseconds(installation.worker.pid);
    for (let round = 0; round < rounds; round += 1)
      await broadcast(installation, place.sink, deliveries, { delayMs });
    workerUs = cpuMicroseconds(installation.worker.pid) - before;
    toNs = process.hrtime.bigint();
  } finally {
    await installation.remove();
  }
  const summary = summariseProfile(folder, fromNs, toNs);
  const perDelivery = workerUs / (deliveries * rounds);
  // samples count time that passes, also while other processes have the core: only their shares are to be trusted
  const rows = (shares: typeof summary.parts) =>
    shares.map(({ name, us }) => {
      const share = us / summary.totalUs;
      return [name, figure(share * perDelivery), `${figure(share * 100)} %`];
    });
  const title = `Delivering process, ${engine}: ${figure(perDelivery)} us CPU a delivery under the profiler, by part`;
  printTable(title, ['part', 'us a delivery', 'share'], rows(summary.parts));
  const functions = summary.functions.slice(0, functionsShown);
  printTable('The functions that took most', ['function', 'us a delivery', 'share'], rows(functions));
  return { ...options, cpuMicrosecondsPerDelivery: perDelivery, parts: summary.parts, functions };
}
