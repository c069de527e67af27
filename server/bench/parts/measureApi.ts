import { join } from 'node:path';
import { answerOf } from '../answerOf';
import type { BenchPlace } from '../benchPlace';
import { type Engine, type Installation, openInstallation } from '../installation';
import type { LoadOrder, LoadResult } from '../loadProcess';
import { watchMemory } from '../memoryWatch';
import { cpuMicroseconds } from '../processUsage';
import { figure, printTable } from '../table';
import { until } from '../until';
import { printMemory } from './measureFanOut';

export interface ApiOptions {
  readonly engine: Engine;
  /** Of load, shared by the two calls. */
  readonly seconds: number;
  readonly connections: number;
}

interface Measured extends LoadResult {
  readonly call: LoadOrder['call'];
  /** CPU time of each process, in microseconds per call. */
  readonly cpu: Readonly<Record<string, number>>;
}

const users = 1_000;
const warmUpSeconds = 3;
const rounds = 2;

/** Subscribing and sending under load from outside, in turns, and the memory of our processes meanwhile. */
export async function measureApi(place: BenchPlace, options: ApiOptions): Promise<unknown> {
  const installation = await openInstallation(place, { engine: options.engine });
  try {
    await installation.seed({ from: 0, count: users, userIds: true });
    const load = loader(place, installation, options);
    for (const call of ['subscribe', 'sendNotification'] as const) await load(call, warmUpSeconds);
    const own = installation.processes.filter(({ name }) => name !== 'database' && name !== 'broker');
    const watch = watchMemory(own);
    const results: Measured[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const call of ['subscribe', 'sendNotification'] as const)
        results.push(await load(call, options.seconds / rounds / 2));
    }
    const memory = watch.stop();
    print(options, results);
    printMemory(`Resident memory over ${figure(options.seconds)} s of load, MB`, memory);
    return { options, results, memory };
  } finally {
    await installation.remove();
  }
}

function loader(place: BenchPlace, installation: Installation, options: ApiOptions) {
  let firstBrowser = users;
  return async (call: LoadOrder['call'], seconds: number): Promise<Measured> => {
    await place.sink.begin({ browsers: 0 });
    const before = readCpu(installation);
    const order: LoadOrder = {
      ...{ call, seconds, firstBrowser, users, connections: options.connections },
      ...{ url: `${installation.url}/graphql`, key: installation.adminKey, origin: place.sink.origin },
    };
    const result = await answerOf<LoadOrder, LoadResult>(join(__dirname, '../loadProcess.js'), order);
    firstBrowser += result.calls + options.connections;
    if (call === 'sendNotification') await everythingPosted(place, result.calls);
    const after = readCpu(installation);
    const cpu = Object.entries(after).map(([name, us]) => [name, (us - (before[name] ?? 0)) / result.calls]);
    return { ...result, call, cpu: Object.fromEntries(cpu) };
  };
}

/** The worker may be behind; its time for these messages counts for them, not for what comes next. */
async function everythingPosted({ sink }: BenchPlace, calls: number): Promise<void> {
  await until(
    'the POSTs of the load',
    300_000,
    async () => (await sink.report()).posts >= calls || undefined,
  );
}

function readCpu({ processes }: Installation): Record<string, number> {
  return Object.fromEntries(processes.map(({ name, pid }) => [name, cpuMicroseconds(pid)]));
}

function print({ engine, connections }: ApiOptions, results: readonly Measured[]): void {
  printTable(
    `Calls to the API, ${engine}, ${connections} connections`,
    ['call', 'a second', 'p50, ms', 'p99, ms', 'longest, ms', 'failed', 'CPU a call, us'],
    results.map((each) => [
      each.call,
      ...[each.perSecond, each.p50Ms, each.p99Ms, each.maxMs, each.failed].map(figure),
      Object.entries(each.cpu)
        .map(([name, us]) => `${name} ${figure(us)}`)
        .join(', '),
    ]),
  );
}
