import { writeFileSync } from 'node:fs';
import { figure, printTable } from '../../bench/table';
import { UndoStack } from '../../bench/undoStack';
import { until } from '../../test/support/until';
import { checkInvariants } from '../checkInvariants';
import type { Ground } from '../ground';
import type { Engine } from '../installation';
import type { Scene } from '../scene';
import { lateOnes, toleratedMs } from './countedSingles';
import type { TimingRow } from './timingRows';
import { timingRows } from './timingRows';
import { broadcastBrowsers, TimingTestbed } from './timingTestbed';

export interface TimingOptions {
  readonly part: TimingRow['part'];
  readonly engines: readonly Engine[];
  /** Rows whose name holds one of these; all when empty. */
  readonly only: readonly string[];
  /** The path of libfaketime; the part `clocks` needs it. */
  readonly library: string | undefined;
  /** A file for all rows as JSON. */
  readonly out: string | undefined;
}

interface Measured {
  readonly row: string;
  readonly engine: Engine;
  readonly lost: number;
  readonly doubled: number;
  /** The most that may be doubled: POSTs under way when it began, where a process outlasts its lease. */
  readonly mayDouble: number;
  readonly setAside: number;
  readonly singles: number;
  readonly failedCalls: number;
  readonly aloneP99: number;
  readonly p99: number;
  readonly slowest: number;
  readonly late: number;
  readonly wrong: readonly string[];
}

const baselineMs = 10_000;
const patienceMs = 240_000;

/**
 * What a broadcast and single messages feel of clocks that are wrong and of processes that stand still. Prints a table.
 * @returns false when something was lost, set aside, doubled without need or late
 */
export async function compareTiming(ground: Ground, options: TimingOptions): Promise<boolean> {
  const measured: Measured[] = [];
  const failed: string[] = [];
  for (const row of timingRows.filter((each) => isChosen(each, options))) {
    for (const engine of row.engines.filter((each) => options.engines.includes(each))) {
      process.stderr.write(`${new Date().toISOString()} ${row.name}, ${engine}\n`);
      try {
        measured.push(await measure(ground, row, engine, options));
      } catch (error) {
        failed.push(`${row.name}, ${engine}: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (options.out !== undefined)
        writeFileSync(options.out, `${JSON.stringify(measured, undefined, 2)}\n`);
    }
  }
  print(measured, failed);
  return failed.length === 0 && measured.length > 0 && measured.every(({ wrong }) => wrong.length === 0);
}

function isChosen({ name, part }: TimingRow, options: TimingOptions): boolean {
  return (
    part === options.part && (options.only.length === 0 || options.only.some((text) => name.includes(text)))
  );
}

async function measure(
  ground: Ground,
  row: TimingRow,
  engine: Engine,
  options: TimingOptions,
): Promise<Measured> {
  const undo = new UndoStack();
  // an interrupted run takes back what its row has made, too
  await ground.undo.add(() => undo.run());
  try {
    const library = row.part === 'clocks' ? options.library : undefined;
    const testbed = await TimingTestbed.open(ground, undo, row, engine, library);
    try {
      return await play(testbed, row, engine);
    } catch (error) {
      if (error instanceof Error) error.message += `\n${testbed.scene.installation.logs.slice(-6_000)}`;
      throw error;
    }
  } finally {
    await undo.run();
  }
}

async function play(testbed: TimingTestbed, row: TimingRow, engine: Engine): Promise<Measured> {
  const { scene } = testbed;
  const alone = testbed.sendSingles();
  await testbed.wait(baselineMs);
  await alone.end();
  const disturbed = testbed.sendSingles();
  await testbed.broadcast();
  const mayDouble = row.outlastsLease ? await testbed.underWay() : 0;
  const disturbance = await row.strike(testbed).finally(() => disturbed.end());
  await until(() => scene.isCompleted(), `the end of "${row.name}"`, patienceMs);
  const { hurt, healthy, urgent } = await scene.report();
  const [usual, singles] = [alone.result(urgent), disturbed.result(urgent, disturbance)];
  const counts = {
    lost: scene.deliveries - hurt.distinct - healthy.distinct + usual.lost + singles.lost,
    doubled: hurt.doubled + healthy.doubled + usual.doubled + singles.doubled,
    setAside: scene.installation.logs.split('is set aside for a while').length - 1,
    failedCalls: singles.failed,
    late: lateOnes(usual, singles),
  };
  const wrong = [...judge(counts, mayDouble), ...(await checkInvariants(scene))];
  if (wrong.length > 0) wrong.push(...(await failedAttempts(scene)));
  await scene.installation.stop().catch((error: Error) => wrong.push(error.message));
  return {
    ...{ row: row.name, engine, ...counts, mayDouble, wrong, singles: singles.sent },
    ...{ aloneP99: usual.p99, p99: singles.p99, slowest: singles.slowest },
  };
}

/** Why POSTs were made again. */
async function failedAttempts(scene: Scene): Promise<string[]> {
  const rows = await scene.installation.database.sql.rows<{ reason: string; count: number }>(
    'SELECT reason, COUNT(*) AS count FROM attempt GROUP BY reason',
  );
  return rows.map(({ reason, count }) => `${count} attempts failed: ${reason}`);
}

function judge(
  counts: Pick<Measured, 'lost' | 'doubled' | 'setAside' | 'failedCalls' | 'late'>,
  mayDouble: number,
): string[] {
  const wrong = [
    [counts.lost, 'lost'],
    [Math.max(0, counts.doubled - mayDouble), `doubled beyond the ${mayDouble} under way`],
    [counts.setAside, 'set aside'],
    [counts.failedCalls, 'calls failed'],
    [counts.late, 'single messages late'],
  ] as const;
  return wrong.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}

function print(measured: readonly Measured[], failed: readonly string[]): void {
  printTable(
    `Clocks and standstills in the middle of a broadcast to ${broadcastBrowsers} browsers that are answered slowly`,
    [
      ...['what', 'engine', 'lost', 'doubled', 'at most', 'set aside', 'single messages', 'calls failed'],
      ...['alone: p99 ms', 'p99 ms', 'slowest', 'late', ''],
    ],
    measured.map((each) => [
      ...[each.row, each.engine],
      ...[each.lost, each.doubled, each.mayDouble, each.setAside, each.singles, each.failedCalls].map(figure),
      ...[each.aloneP99, each.p99, each.slowest, each.late].map(figure),
      each.wrong.length === 0 ? 'passed' : `FAILED: ${each.wrong.join('; ')}`,
    ]),
  );
  process.stdout.write(
    `late: more than the p99 alone and ${toleratedMs / 1_000} s; messages that were sent while a process stood still are not judged.\n`,
  );
  for (const each of failed) process.stdout.write(`Wrong: ${each}\n`);
}
