import { figure, median, printTable } from '../../bench/table';
import type { UndoStack } from '../../bench/undoStack';
import type { Ground } from '../ground';
import { type Illness, illnesses, wellDelayMs } from './illnesses';
import { type Phase, Street, type StreetOptions } from './street';

export interface NeighbourOptions extends StreetOptions {
  /** Ill phases of each illness, each between two well ones. */
  readonly rounds: number;
  /** The p99 beside an ill push service may be so many times that beside a well one. */
  readonly limit: number;
  /** Illnesses whose name holds one of these; all when empty. */
  readonly only: readonly string[];
}

interface Row {
  readonly illness: string;
  readonly well: readonly Phase[];
  readonly ill: readonly Phase[];
}

/**
 * What the users of a healthy push service feel of an ill one: from the call of `sendNotification` for one person to
 * the POST at the healthy service, in turns beside a well and an ill one that is offered the same. Prints a table.
 * @returns false when the p99 grows by more than the limit and more than chance explains, or something is lost
 */
export async function compareNeighbours(
  ground: Ground,
  undo: UndoStack,
  options: NeighbourOptions,
): Promise<boolean> {
  const street = await Street.open(ground, undo, options);
  const well = illnesses[0]?.behaviour ?? { kind: 'well', delayMs: wellDelayMs };
  // code is compiled and connections are open before anything counts
  for (let count = 0; count < 2; count += 1) await street.measure(well, leadMs);
  const rows: Row[] = [];
  const wrong: string[] = [];
  for (const illness of chosen(options.only)) {
    process.stderr.write(`${new Date().toISOString()} ${illness.name}\n`);
    try {
      rows.push(await compare(street, illness, options.rounds));
    } catch (error) {
      wrong.push(`${illness.name}: ${error instanceof Error ? error.message : String(error)}`);
      await street.recover().catch((fault: Error) => wrong.push(`${illness.name}: ${fault.message}`));
    }
  }
  wrong.push(...(await street.faults()));
  return print(options, rows, wrong);
}

/** How long the other push service has been well or ill before the measuring begins. */
const leadMs = 500;

function chosen(only: readonly string[]): readonly Illness[] {
  if (only.length === 0) return illnesses;
  return illnesses.filter(({ name }) => only.some((text) => name.includes(text)));
}

async function compare(street: Street, illness: Illness, rounds: number): Promise<Row> {
  const measureWell = () => street.measure({ kind: 'well', delayMs: wellDelayMs }, leadMs);
  const well = [await measureWell()];
  const ill: Phase[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ill.push(await street.measure(illness.behaviour, leadMs));
    await street.recover();
    well.push(await measureWell());
  }
  return { illness: illness.name, well, ill };
}

const p50Of = (phases: readonly Phase[]) => median(phases.map(({ p50 }) => p50));
const p99Of = (phases: readonly Phase[]) => median(phases.map(({ p99 }) => p99));
const cpuOf = (phases: readonly Phase[]) => median(phases.map(({ workerCpu }) => workerCpu * 100));
const mostMemory = (phases: readonly Phase[]) =>
  Math.max(...phases.map(({ workerMegabytes }) => workerMegabytes));

/**
 * Every ill phase is worse than every well one, and by more than the limit in the middle. By chance alone, three are
 * worse than four others once in 35 times.
 */
function isOver({ well, ill }: Row, limit: number): boolean {
  const worstWell = Math.max(...well.map(({ p99 }) => p99));
  return p99Of(ill) / p99Of(well) > limit && ill.every(({ p99 }) => p99 > worstWell);
}

function rangeOf(phases: readonly Phase[]): string {
  const p99s = phases.map(({ p99 }) => p99);
  return `${figure(Math.min(...p99s))} to ${figure(Math.max(...p99s))}`;
}

function print(options: NeighbourOptions, rows: readonly Row[], wrong: readonly string[]): boolean {
  printTable(
    `One person at the healthy push service, ${options.engine}, ${options.perSecond} a second: from the call to the POST`,
    [
      ...['the other push service', 'p50 beside it well, ms', 'ill', 'ratio'],
      ...['p99 beside it well, ms', 'ill', 'ratio', 'well phases, p99 ms', 'ill phases'],
      ...['worker MB, well', 'ill', 'worker CPU %, well', 'ill', 'POSTs/s at the ill one', ''],
    ],
    rows.map((row) => [
      row.illness,
      ...[p50Of(row.well), p50Of(row.ill), p50Of(row.ill) / p50Of(row.well)].map(figure),
      ...[p99Of(row.well), p99Of(row.ill), p99Of(row.ill) / p99Of(row.well)].map(figure),
      ...[rangeOf(row.well), rangeOf(row.ill)],
      ...[mostMemory(row.well), mostMemory(row.ill), cpuOf(row.well), cpuOf(row.ill)].map(figure),
      figure(median(row.ill.map((each) => each.otherPosts))),
      isOver(row, options.limit) ? 'OVER' : '',
    ]),
  );
  const over = rows.filter((row) => isOver(row, options.limit)).map(({ illness }) => illness);
  process.stdout.write(
    `Medians of ${options.rounds} ill phases of ${options.phaseMs / 1000} s, each between two well ones. ` +
      `Over: more than ${options.limit} times, and each ill phase worse than each well one.\n`,
  );
  for (const each of wrong) process.stdout.write(`Wrong: ${each}\n`);
  if (over.length > 0) process.stdout.write(`Over the limit: ${over.join('; ')}\n`);
  return over.length === 0 && wrong.length === 0;
}
