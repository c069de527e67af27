import { join } from 'node:path';
import { answerOf } from '../answerOf';
import type { BenchPlace } from '../benchPlace';
import { freePort } from '../freePort';
import { type HeapProbe, inspectOption, openHeapProbe } from '../heapProbe';
import { type Engine, type Installation, openInstallation } from '../installation';
import type { LoadOrder, LoadResult } from '../loadProcess';
import { residentMegabytes } from '../processUsage';
import { type Course, type Judgement, judge } from '../steadiness';
import { figure, printTable } from '../table';

export interface SteadyOptions {
  readonly engine: Engine;
  readonly minutes: number;
  /** Of each of the two calls. */
  readonly perSecond: number;
  readonly connections: number;
}

const users = 1_000;
const everyMs = 10_000;
const calls = ['subscribe', 'sendNotification'] as const;

interface Watched {
  readonly name: string;
  readonly pid: number;
  readonly heap: HeapProbe;
}

/**
 * Subscribing and sending at the same time, at a steady rate, for a long while; every ten seconds the live objects,
 * after a garbage collection, the resident memory and the number of metric series are read.
 */
export async function measureSteady(
  place: BenchPlace,
  options: SteadyOptions,
): Promise<{ isFlat: boolean; judgements: readonly Judgement[]; courses: readonly Course[] }> {
  const [apiPort, workerPort] = [await freePort(), await freePort()];
  const installation = await openInstallation(place, {
    engine: options.engine,
    apiNodeOptions: [inspectOption(apiPort)],
    workerNodeOptions: [inspectOption(workerPort)],
  });
  const watched: Watched[] = [];
  try {
    await installation.seed({ from: 0, count: users, userIds: true });
    for (const { name, pid } of installation.processes) {
      if (name === 'database' || name === 'broker') continue;
      const port = name === 'api' ? apiPort : workerPort;
      watched.push({ name, pid, heap: await openHeapProbe(port) });
    }
    await place.sink.begin({ browsers: 0 });
    const watch = watchCourses(installation, watched);
    const loads = await Promise.all(calls.map((call) => load(place, installation, options, call)));
    const courses = await watch.stop();
    const judgements = courses.map((course) => judge(course, everyMs));
    print(options, loads, judgements);
    return { isFlat: judgements.every((each) => each.isFlat), judgements, courses };
  } finally {
    for (const { heap } of watched) heap.close();
    await installation.remove();
  }
}

async function load(
  place: BenchPlace,
  installation: Installation,
  options: SteadyOptions,
  call: LoadOrder['call'],
): Promise<LoadResult & { call: string }> {
  const order: LoadOrder = {
    ...{ call, users, firstBrowser: users, connections: options.connections, perSecond: options.perSecond },
    seconds: Math.round(options.minutes * 60),
    ...{ url: `${installation.url}/graphql`, key: installation.adminKey, origin: place.sink.origin },
  };
  return { call, ...(await answerOf<LoadOrder, LoadResult>(join(__dirname, '../loadProcess.js'), order)) };
}

function watchCourses(
  installation: Installation,
  watched: readonly Watched[],
): { stop(): Promise<Course[]> } {
  const courses = new Map<string, number[]>();
  const note = (name: string, value: number) => courses.set(name, [...(courses.get(name) ?? []), value]);
  const look = async () => {
    for (const { name, pid, heap } of watched) {
      note(`${name}: resident, MB`, residentMegabytes(pid));
      note(`${name}: live objects, MB`, (await heap.liveBytes()) / 1024 / 1024);
    }
    const metrics = await (await fetch(`${installation.url}/metrics`)).text();
    note('metric series', metrics.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length);
  };
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = last.then(look);
    // told by `stop`
    last.catch(() => undefined);
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await last;
      return [...courses].map(([name, values]) => ({ name, values }));
    },
  };
}

function print(
  { engine, minutes, perSecond }: SteadyOptions,
  loads: ReadonlyArray<LoadResult & { call: string }>,
  judgements: readonly Judgement[],
): void {
  printTable(
    `Calls at the same time, ${engine}, ${figure(perSecond)} a second of each for ${figure(minutes)} minutes`,
    ['call', 'a second', 'p50, ms', 'p99, ms', 'longest, ms', 'calls', 'failed'],
    loads.map((each) => [
      each.call,
      ...[each.perSecond, each.p50Ms, each.p99Ms, each.maxMs, each.calls, each.failed].map(figure),
    ]),
  );
  printTable(
    'Memory: flat when the median of the last two tenths of the run is at most 1.10 times that of the third and fourth',
    ['', 'third and fourth tenth', 'last two tenths', 'growth a minute', ''],
    judgements.map((each) => [
      each.name,
      ...[each.early, each.late, each.slopePerMinute].map(figure),
      each.isFlat ? 'flat' : 'NOT FLAT',
    ]),
  );
}
