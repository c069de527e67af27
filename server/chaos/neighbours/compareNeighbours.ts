import { writeFileSync } from 'node:fs';
import { figure, median, printTable, quantile } from '../../bench/table';
import type { UndoStack } from '../../bench/undoStack';
import type { Ground } from '../ground';
import { answerDelayMs, type Illness, illnesses } from './illnesses';
import { measurePairs, mostStolen, type Pairs } from './measurePairs';
import { fewestPairs, p99, p99Ratio, type Ratio, type Verdict, verdictOn } from './p99Ratio';
import { type Phase, Street, type StreetOptions } from './street';

export interface NeighbourOptions extends StreetOptions {
  /** Undisturbed pairs of a well and an ill phase for each illness, `fewestPairs` at least. */
  readonly pairs: number;
  /** The p99 beside an ill push service may be so many times that beside a well one. */
  readonly limit: number;
  /** Illnesses whose name holds one of these; all when empty. */
  readonly only: readonly string[];
  /** A file for all rows as JSON, with what each phase measured; written anew after each row. */
  readonly out: string | undefined;
}

interface Row extends Pairs<Phase> {
  readonly illness: string;
  readonly ratio: Ratio;
}

/**
 * What the users of a healthy push service feel of an ill one: from the call of `sendNotification` for one person to
 * the POST at the healthy service, in turns beside a well and an ill one that is offered the same. Prints a table.
 * @returns false when a p99 is over the limit (see `verdictOn`), too few pairs were undisturbed, or something is lost
 */
export async function compareNeighbours(
  ground: Ground,
  undo: UndoStack,
  options: NeighbourOptions,
): Promise<boolean> {
  const street = await Street.open(ground, undo, options);
  const well = illnesses[0]?.behaviour ?? { kind: 'well', delayMs: answerDelayMs };
  // code is compiled and connections are open before anything counts
  for (let count = 0; count < 2; count += 1) await street.measure(well, leadMs);
  const rows: Row[] = [];
  const wrong: string[] = [];
  for (const illness of chosen(options.only)) {
    process.stderr.write(`${new Date().toISOString()} ${illness.name}\n`);
    try {
      const row = await compare(street, illness, options.pairs);
      process.stderr.write(`  ${row.well.length} of ${row.begun} pairs, ${figure(row.ratio.value)} times\n`);
      rows.push(row);
    } catch (error) {
      wrong.push(`${illness.name}: ${error instanceof Error ? error.message : String(error)}`);
      await street.recover().catch((fault: Error) => wrong.push(`${illness.name}: ${fault.message}`));
    }
    if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(rows)}\n`);
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

async function compare(street: Street, illness: Illness, pairs: number): Promise<Row> {
  const measureWell = () => street.measure({ kind: 'well', delayMs: answerDelayMs }, leadMs);
  const measureIll = async () => {
    const phase = await street.measure(illness.behaviour, leadMs);
    await street.recover();
    return phase;
  };
  const measured = await measurePairs(measureWell, measureIll, pairs);
  const { well, ill, begun } = measured;
  if (well.length < fewestPairs) {
    throw new Error(`${well.length} of ${begun} pairs were undisturbed, which tell nothing`);
  }
  return { illness: illness.name, ...measured, ratio: p99Ratio(durationsOf(well), durationsOf(ill)) };
}

const durationsOf = (phases: readonly Phase[]) => phases.map(({ durations }) => durations);
const p50Of = (phases: readonly Phase[]) => quantile(durationsOf(phases).flat(), 0.5);
const p99Of = (phases: readonly Phase[]) => p99(durationsOf(phases));
const cpuOf = (phases: readonly Phase[]) => median(phases.map(({ workerCpu }) => workerCpu * 100));
const stolenOf = (phases: readonly Phase[]) => median(phases.map(({ stolen }) => stolen * 100));
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
      ...['p99 beside it well, ms', 'ill', 'ratio', '95 % interval', 'well phases, p99 ms', 'ill phases'],
      ...['worker MB, well', 'ill', 'worker CPU %, well', 'ill'],
      ...['stolen %, well', 'ill', 'POSTs/s at the ill one', ''],
    ],
    rows.map((row) => [
      row.illness,
      `${row.well.length} of ${row.begun}`,
      ...[p50Of(row.well), p50Of(row.ill), p50Of(row.ill) / p50Of(row.well)].map(figure),
      ...[p99Of(row.well), p99Of(row.ill), row.ratio.value].map(figure),
      `${figure(row.ratio.lower)} to ${figure(row.ratio.upper)}`,
      ...[rangeOf(row.well), rangeOf(row.ill)],
      ...[mostMemory(row.well), mostMemory(row.ill), cpuOf(row.well), cpuOf(row.ill)].map(figure),
      ...[stolenOf(row.well), stolenOf(row.ill), median(row.ill.map((each) => each.otherPosts))].map(figure),
      verdictOn(row.ratio, options.limit),
    ]),
  );
  const { pairs, phaseMs, limit } = options;
  process.stdout.write(
    `Up to ${pairs} pairs of phases of ${phaseMs / 1000} s in which the hypervisor took at most ${mostStolen * 100} % of the ` +
      `CPU. within: the whole interval is at or below ${limit}; over: all of it is above.\n`,
  );
  const namesOf = (verdict: Verdict) =>
    rows.filter(({ ratio }) => verdictOn(ratio, limit) === verdict).map(({ illness }) => illness);
  const [over, notTold] = [namesOf('over'), namesOf('not told')];
  for (const each of wrong) process.stdout.write(`Wrong: ${each}\n`);
  if (notTold.length > 0) process.stdout.write(`Not told by these pairs: ${notTold.join('; ')}\n`);
  if (over.length > 0) process.stdout.write(`Over the limit: ${over.join('; ')}\n`);
  return over.length === 0 && wrong.length === 0;
}
