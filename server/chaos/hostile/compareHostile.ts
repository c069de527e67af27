import { writeFileSync } from 'node:fs';
import { figure, printTable } from '../../bench/table';
import { UndoStack } from '../../bench/undoStack';
import type { Ground } from '../ground';
import type { Engine } from '../installation';
import { AttackedApi } from './attackedApi';
import { startAttacker } from './attackerProcess';
import { attacks } from './attacks';
import { type Footprint, hasRecovered } from './footprint';
import { floorMs, type Slowdown, slowdownOf } from './slowdown';

export interface HostileOptions {
  readonly engine: Engine;
  /** Attacks whose name holds one of these; all when empty. */
  readonly only: readonly string[];
  readonly attackMs: number;
  /** How many times slower health checks and messages may become. */
  readonly factor: number;
  /** A file for all rows as JSON. */
  readonly out: string | undefined;
}

interface Row {
  readonly attack: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly health: Slowdown;
  readonly message: Slowdown;
  readonly operatorIsHeard: boolean;
  readonly before: Footprint;
  readonly worst: Footprint;
  readonly after: Footprint;
  /** Until it had recovered; undefined if it did not. */
  readonly recoveryMs: number | undefined;
}

const baselineMs = 10_000;
const recoveryTimeoutMs = 60_000;
const lookEveryMs = 250;

/** What an operator feels of attacks that need no key. Prints a table. @returns false when one of them was felt too much */
export async function compareHostile(ground: Ground, options: HostileOptions): Promise<boolean> {
  const rows: Row[] = [];
  const wrong: string[] = [];
  const isChosen = (name: string) =>
    options.only.length === 0 || options.only.some((text) => name.includes(text));
  for (const attack of Object.keys(attacks).filter(isChosen)) {
    process.stderr.write(`${new Date().toISOString()} ${attack}\n`);
    try {
      rows.push(await measure(ground, attack, options));
    } catch (error) {
      wrong.push(`${attack}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(rows, undefined, 2)}\n`);
  }
  print(rows, wrong, options);
  return wrong.length === 0 && rows.length > 0 && rows.every((row) => faultsOf(row).length === 0);
}

async function measure(ground: Ground, attack: string, options: HostileOptions): Promise<Row> {
  const undo = new UndoStack();
  // an interrupted run takes back what its row has made, too
  await ground.undo.add(() => undo.run());
  try {
    const api = await AttackedApi.open(ground, undo, options.engine);
    const attacker = await startAttacker();
    await undo.add(() => attacker.stop());
    // code is compiled and connections are open before anything counts
    await api.measure(wait(2_000));
    const alone = await api.measure(wait(baselineMs));
    const before = api.footprint;
    const watch = watchFootprint(api);
    const over = attacker.attack({ attack, url: api.url, durationMs: options.attackMs });
    const [attacked, operatorIsHeard] = await Promise.all([
      api.measure(over),
      // when the attack is in full swing
      wait(options.attackMs / 2).then(() => api.operatorIsHeard().catch(() => false)),
    ]);
    const worst = watch.stop();
    const recovery = await recover(api, before);
    return {
      ...{ attack, counts: await over, operatorIsHeard, before, worst, ...recovery },
      health: slowdownOf(alone.health, attacked.health, options.factor),
      message: slowdownOf(alone.message, attacked.message, options.factor),
    };
  } finally {
    await undo.run();
  }
}

/** The most of each that was seen. */
function watchFootprint(api: AttackedApi): { stop(): Footprint } {
  let worst = api.footprint;
  const timer = setInterval(() => {
    const { descriptors, megabytes } = api.footprint;
    worst = {
      descriptors: Math.max(worst.descriptors, descriptors),
      megabytes: Math.max(worst.megabytes, megabytes),
    };
  }, lookEveryMs);
  return {
    stop: () => {
      clearInterval(timer);
      return worst;
    },
  };
}

async function recover(api: AttackedApi, before: Footprint): Promise<Pick<Row, 'after' | 'recoveryMs'>> {
  const startedAt = performance.now();
  for (;;) {
    const [after, tookMs] = [api.footprint, performance.now() - startedAt];
    if (hasRecovered(before, after)) return { after, recoveryMs: tookMs };
    if (tookMs > recoveryTimeoutMs) return { after, recoveryMs: undefined };
    await wait(lookEveryMs);
  }
}

function faultsOf(row: Row): string[] {
  return [
    ...(row.health.isBearable ? [] : ['/healthz']),
    ...(row.message.isBearable ? [] : ['messages']),
    ...(row.operatorIsHeard ? [] : ['WebSocket']),
    ...(row.recoveryMs === undefined ? ['not recovered'] : []),
  ];
}

function print(
  rows: readonly Row[],
  wrong: readonly string[],
  { engine, attackMs, factor }: HostileOptions,
): void {
  printTable(
    `An API under attack, ${engine}, ${attackMs / 1000} s each`,
    [
      ...['attack', '/healthz alone: p50, p95, p99 ms', 'attacked', 'one message alone', 'attacked'],
      ...['WebSocket with a key', 'descriptors before, worst, after', 'MB', 'recovered s'],
      ...['what came of it', ''],
    ],
    rows.map((row) => [
      row.attack,
      ...[row.health, row.message].flatMap(({ alone, attacked }) => [alone, attacked].map(quantilesText)),
      row.operatorIsHeard ? 'yes' : 'no',
      footprints(row, ({ descriptors }) => descriptors),
      footprints(row, ({ megabytes }) => megabytes),
      row.recoveryMs === undefined ? 'no' : figure(row.recoveryMs / 1000),
      Object.entries(row.counts)
        .map(([what, count]) => `${count} ${what}`)
        .join(', '),
      faultsOf(row).length === 0 ? 'passed' : `FAILED: ${faultsOf(row).join(', ')}`,
    ]),
  );
  process.stdout.write(
    `Passed: median and p95 at most ${factor} times those alone or ${floorMs} ms, and all that was taken is given back.\n`,
  );
  for (const each of wrong) process.stdout.write(`Wrong: ${each}\n`);
}

function quantilesText({ p50, p95, p99 }: Slowdown['alone']): string {
  return [p50, p95, p99].map(figure).join(', ');
}

function footprints({ before, worst, after }: Row, of: (footprint: Footprint) => number): string {
  return [before, worst, after].map((each) => figure(of(each))).join(', ');
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
