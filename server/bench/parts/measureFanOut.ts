import type { BenchPlace } from '../benchPlace';
import { type Broadcast, broadcast, sendToEveryone } from '../broadcast';
import { type Engine, type Installation, openInstallation } from '../installation';
import { type MemoryCourse, watchMemory } from '../memoryWatch';
import { figure, median, printTable } from '../table';
import { until } from '../until';

export interface FanOutOptions {
  readonly engine: Engine;
  readonly subscriptions: number;
  /** Broadcasts to all of them. */
  readonly rounds: number;
}

interface Start {
  readonly answeredMs: number;
  readonly firstPostMs: number;
}

/** The audience to compare the cost with. */
const fewSubscriptions = 10_000;
const fewRounds = 3;
const starts = 9;

/**
 * A broadcast to very many: how soon it is answered and begins, what it takes in memory, and whether a delivery costs
 * the same as in a broadcast to few, which runs before and after it.
 */
export async function measureFanOut(place: BenchPlace, options: FanOutOptions): Promise<unknown> {
  const { engine, subscriptions, rounds } = options;
  const few = await openInstallation(place, { engine });
  const many = await openInstallation(place, { engine });
  try {
    await few.seed({ from: 0, count: fewSubscriptions });
    const seeded = await many.seed({ from: 0, count: subscriptions });
    await warmUp(place, [few, many]);
    const toFew = await broadcasts(place, few, fewSubscriptions, fewRounds);
    const watch = watchMemory(many.processes.filter(({ name }) => name !== 'database' && name !== 'broker'));
    const toMany = await broadcasts(place, many, subscriptions, rounds);
    const memory = watch.stop();
    toFew.push(...(await broadcasts(place, few, fewSubscriptions, fewRounds)));
    const begun = await measureStarts(place, many);
    print(options, toFew, toMany, begun, memory);
    return { options, seedingMs: seeded.tookMs, toFew, toMany, starts: begun, memory };
  } finally {
    await few.remove();
    await many.remove();
  }
}

/** Both workers have compiled their code before any of their work is counted. */
async function warmUp(place: BenchPlace, installations: readonly Installation[]): Promise<void> {
  const [few, many] = installations;
  if (few) await broadcasts(place, few, fewSubscriptions, 2);
  if (many) for (let round = 0; round < 3; round += 1) await startAndCancel(place, many, 3_000);
}

async function broadcasts(
  place: BenchPlace,
  installation: Installation,
  subscriptions: number,
  rounds: number,
): Promise<Broadcast[]> {
  const results: Broadcast[] = [];
  for (let round = 0; round < rounds; round += 1)
    results.push(await broadcast(installation, place.sink, subscriptions));
  return results;
}

async function measureStarts(place: BenchPlace, installation: Installation): Promise<Start[]> {
  const results: Start[] = [];
  for (let round = 0; round < starts; round += 1) results.push(await startAndCancel(place, installation, 1));
  return results;
}

/** Begins a broadcast to everyone and cancels it after so many POSTs; waits until nothing of it is under way. */
async function startAndCancel(place: BenchPlace, installation: Installation, posts: number): Promise<Start> {
  const { sink } = place;
  await sink.begin({ browsers: 0 });
  const startedAt = process.hrtime.bigint();
  const id = await sendToEveryone(installation);
  const answeredMs = Number(process.hrtime.bigint() - startedAt) / 1e6;
  const firstPostAtNs = await until('the first POSTs', 60_000, async () => {
    const report = await sink.report();
    return report.posts >= posts ? report.firstPostAtNs : undefined;
  });
  await installation.caller('mutation ($id: ID!) { cancelNotification(id: $id) { id } }', { id });
  await until('the end of a cancelled broadcast', 600_000, () => isSettled(installation, id));
  return { answeredMs, firstPostMs: Number(BigInt(firstPostAtNs) - startedAt) / 1e6 };
}

async function isSettled({ caller }: Installation, id: string): Promise<true | undefined> {
  const { notification } = await caller<{ notification: { completedAt: string | null } }>(
    'query ($id: ID!) { notification(id: $id) { completedAt } }',
    { id },
  );
  return notification.completedAt === null ? undefined : true;
}

function print(
  { engine, subscriptions }: FanOutOptions,
  toFew: readonly Broadcast[],
  toMany: readonly Broadcast[],
  begun: readonly Start[],
  memory: readonly MemoryCourse[],
): void {
  const names = Object.keys(toMany[0]?.cpu ?? {});
  const cost = (all: readonly Broadcast[], name: string) => median(all.map((each) => each.cpu[name] ?? 0));
  const row = (what: string, read: (all: readonly Broadcast[]) => number, unit: string) => {
    const [few, many] = [read(toFew), read(toMany)];
    return [what, `${figure(few)} ${unit}`, `${figure(many)} ${unit}`, figure(many / few)];
  };
  printTable(
    `A broadcast to everyone, ${engine} (medians of ${toFew.length} and ${toMany.length})`,
    ['', `${figure(fewSubscriptions)} subscriptions`, `${figure(subscriptions)} subscriptions`, 'ratio'],
    [
      ...names.map((name) => row(`CPU a delivery, ${name}`, (all) => cost(all, name), 'us')),
      row('completed after', (all) => median(all.map((each) => each.completedMs / 1000)), 's'),
      row(
        'deliveries a second',
        (all) => median(all.map((each) => each.deliveries / (each.completedMs / 1000))),
        '',
      ),
    ],
  );
  const all = [...begun, ...toMany];
  printTable(
    `Its start, with ${figure(subscriptions)} subscriptions (${all.length} times)`,
    ['', 'median', 'longest'],
    [
      spread(
        'sendNotification answers, ms',
        all.map((each) => each.answeredMs),
      ),
      spread(
        'first POST at the push service, ms',
        all.map((each) => each.firstPostMs),
      ),
    ],
  );
  printMemory('Resident memory during the broadcast to many, MB', memory);
}

function spread(what: string, values: readonly number[]): string[] {
  return [what, figure(median(values)), figure(Math.max(...values))];
}

export function printMemory(title: string, memory: readonly MemoryCourse[]): void {
  printTable(
    title,
    ['process', 'at first', 'median', 'most', 'growth in the second half'],
    memory.map((each) => [
      each.name,
      ...[each.firstMb, each.medianMb, each.maxMb, each.lateGrowthMb].map(figure),
    ]),
  );
}
