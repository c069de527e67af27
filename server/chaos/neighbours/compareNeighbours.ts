import { figure, median, printTable, quantile } from '../../bench/table';
import type { UndoStack } from '../../bench/undoStack';
import type { Ground } from '../ground';
import { type Illness, illnesses, wellDelayMs } from './illnesses';
import { p99, p99Ratio, type Ratio, verdictOn } from './p99Ratio';
import { type Phase, Street, type StreetOptions } from './street';

export interface NeighbourOptions extends StreetOptions {
  /** Well phases of each illness, each with an ill one after it. */
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
  /** Pairs of a well and an ill phase that were begun. */
  readonly begun: number;
  readonly ratio: Ratio;
}

/**
 * What the users of a healthy push service feel of an ill one: from the call of `sendNotification` for one person to
 * the POST at the healthy service, in turns beside a well and an ill one that is offered the same. Prints a table.
 * @returns false when a p99 is over the limit (see `verdictOn`), or something is lost
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
      const row = await compare(street, illness, options.rounds);
      process.stderr.write(`  ${row.well.length} of ${row.begun} pairs, ${figure(row.ratio.value)} times\n`);
      rows.push(row);
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

/** A pair of phases is measured anew when the hypervisor took more of this machine's CPU in one of them. */
const mostStolen = 0.02;
/** After so many times the rounds that were asked for, the pairs that there are have to do. */
const patience = 5;

async function compare(street: Street, illness: Illness, rounds: number): Promise<Row> {
  const well: Phase[] = [];
  const ill: Phase[] = [];
  let begun = 0;
  for (; well.length < rounds && begun < rounds * patience; begun += 1) {
    const before = await street.measure({ kind: 'well', delayMs: wellDelayMs }, leadMs);
    if (before.stolen > mostStolen) continue;
    const after = await street.measure(illness.behaviour, leadMs);
    await street.recover();
    if (after.stolen > mostStolen) continue;
    well.push(before);
    ill.push(after);
  }
  if (well.length === 0) throw new Error('the hypervisor gave too much of this machine to others to measure');
  return { illness: illness.name, well, ill, begun, ratio: p99Ratio(durationsOf(well), durationsOf(ill)) };
}

const durationsOf = (phases: readonly Phase[]) => phases.map(({ durations }) => durations);
const p50Of = (phases: readonly Phase[]) => quantile(durationsOf(phases).flat(), 0.5);
const p99Of = (phases: readonly Phase[]) => p99(durationsOf(phases));
const cpuOf = (phases: readonly Phase[]) => median(phases.map(({ workerCpu }) => workerCpu * 100));
const mostMemory = (phases: readonly Phase[]) =>
  Math.max(...phases.map(({ workerMegabytes }) => workerMegabytes));

function rangeOf(phases: readonly Phase[]): string {
  const p99s = durationsOf(phases).map((each) => p99([each]));
  return `${figure(Math.min(...p99s))} to ${figure(Math.max(...p99s))}`;
}

function print(options: NeighbourOptions, rows: readonly Row[], wrong: readonly string[]): boolean {
  printTable(
    `One person at the healthy push service, ${options.engine}, ${options.perSecond} a second: from the call to the POST`,
    [
      ...['the other push service', 'pairs', 'p50 beside it well, ms', 'ill', 'ratio'],
      ...['p99 beside it well, ms', 'ill', 'ratio', 'likely', 'well phases, p99 ms', 'ill phases'],
      ...['worker MB, well', 'ill', 'worker CPU %, well', 'ill', 'POSTs/s at the ill one', ''],
    ],
    rows.map((row) => [
      row.illness,
      `${row.well.length} of ${row.begun}`,
      ...[p50Of(row.well), p50Of(row.ill), p50Of(row.ill) / p50Of(row.well)].map(figure),
      ...[p99Of(row.well), p99Of(row.ill), row.ratio.value].map(figure),
      `${figure(row.ratio.lower)} to ${figure(row.ratio.upper)}`,
      ...[rangeOf(row.well), rangeOf(row.ill)],
      ...[mostMemory(row.well), mostMemory(row.ill), cpuOf(row.well), cpuOf(row.ill)].map(figure),
      figure(median(row.ill.map((each) => each.otherPosts))),
      verdictOn(row.ratio, options.limit),
    ]),
  );
  const over = rows.filter(({ ratio }) => verdictOn(ratio, options.limit) === 'over');
  process.stdout.write(
    `Pairs of a well and an ill phase of ${options.phaseMs / 1000} s, in turns; of those begun, the ones in which the ` +
      `hypervisor took at most ${mostStolen * 100} % of the CPU. ` +
      `within: ${options.limit} is above all that these leave likely. over: more, and not by chance.\n`,
  );
  for (const each of wrong) process.stdout.write(`Wrong: ${each}\n`);
  if (over.length > 0)
    process.stdout.write(`Over the limit: ${over.map(({ illness }) => illness).join('; ')}\n`);
  return over.length === 0 && wrong.length === 0;
}
