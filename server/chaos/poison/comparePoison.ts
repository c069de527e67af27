import { writeFileSync } from 'node:fs';
import { figure, printTable } from '../../bench/table';
import { UndoStack } from '../../bench/undoStack';
import type { Ground } from '../ground';
import type { Engine } from '../installation';
import { isUndisturbed, type Lateness, latenessOf, toleratedMs } from './lateness';
import { Neighbourhood } from './neighbourhood';
import { type Poison, poisons } from './poisons';
import type { VendorReport } from './vendorServiceProcess';

export interface PoisonOptions {
  readonly engines: readonly Engine[];
  /** Poisons whose name holds one of these; all when empty. */
  readonly only: readonly string[];
  /** How long single messages go on after the attack has been made. */
  readonly watchMs: number;
  /** A file for all rows as JSON. */
  readonly out: string | undefined;
}

interface Row extends Lateness {
  readonly poison: string;
  readonly engine: Engine;
  readonly usualP50: number;
  readonly usualP99: number;
  readonly answered: VendorReport['answered'];
  readonly remark: string;
}

const baselineMs = 10_000;
/** What has not arrived so long after the last message was sent counts as missing. */
const graceMs = 10_000;

/**
 * What a healthy application's single messages feel of another application that is full of bad subscriptions. Prints a
 * table.
 * @returns false when a message did not arrive, or not in time
 */
export async function comparePoison(ground: Ground, options: PoisonOptions): Promise<boolean> {
  const rows: Row[] = [];
  const wrong: string[] = [];
  for (const poison of poisons.filter(({ name }) => isChosen(name, options.only))) {
    for (const engine of options.engines) {
      process.stderr.write(`${new Date().toISOString()} ${poison.name}, ${engine}\n`);
      try {
        rows.push(await measure(ground, poison, engine, options.watchMs));
      } catch (error) {
        wrong.push(`${poison.name}, ${engine}: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(rows, undefined, 2)}\n`);
    }
  }
  print(rows, wrong);
  return wrong.length === 0 && rows.length > 0 && rows.every(isUndisturbed);
}

function isChosen(name: string, only: readonly string[]): boolean {
  return only.length === 0 || only.some((text) => name.includes(text));
}

async function measure(ground: Ground, poison: Poison, engine: Engine, watchMs: number): Promise<Row> {
  const undo = new UndoStack();
  // an interrupted run takes back what its row has made, too
  await ground.undo.add(() => undo.run());
  try {
    const neighbourhood = await Neighbourhood.open(ground, undo, engine);
    try {
      return await strike(neighbourhood, poison, engine, watchMs);
    } catch (error) {
      if (error instanceof Error) error.message += `\n${neighbourhood.logs.slice(-2_000)}`;
      throw error;
    }
  } finally {
    await undo.run();
  }
}

async function strike(
  neighbourhood: Neighbourhood,
  poison: Poison,
  engine: Engine,
  watchMs: number,
): Promise<Row> {
  const { vendors } = neighbourhood;
  await neighbourhood.seedVictims(poison.browsers, poison.vendors);
  await poison.prepare?.(neighbourhood);
  const browsers = inTurn(poison);
  await vendors.begin();
  const alone = neighbourhood.sendSingles(browsers);
  await wait(baselineMs);
  await alone.end();
  const baseline = await alone.durations(graceMs);
  await vendors.begin();
  const attacked = neighbourhood.sendSingles(browsers);
  let remark = '';
  try {
    remark = await poison.strike(neighbourhood);
    await wait(watchMs);
  } finally {
    await attacked.end();
  }
  const lateness = latenessOf(baseline, await attacked.durations(graceMs));
  const usual = latenessOf(baseline, baseline);
  const { answered } = await vendors.report();
  return {
    ...lateness,
    ...{ poison: poison.name, engine, usualP50: usual.p50, usualP99: usual.p99, answered, remark },
  };
}

/** The browsers so that the vendors take turns. */
function inTurn({ browsers, vendors }: Poison): number[] {
  const each = Math.ceil(browsers / vendors.length);
  return Array.from({ length: each }, (_, n) => vendors.map((_vendor, turn) => turn * each + n))
    .flat()
    .filter((n) => n < browsers);
}

function print(rows: readonly Row[], wrong: readonly string[]): void {
  printTable(
    'Single messages of a healthy application next to a poisoned one: from the call to the POST',
    [
      ...['attack', 'engine', 'alone: p50 ms', 'p99', 'attacked: sent', 'p50 ms', 'p99', 'slowest'],
      ...['late', 'missing', 'POSTs by answer', 'what happened', ''],
    ],
    rows.map((row) => [
      ...[row.poison, row.engine],
      ...[row.usualP50, row.usualP99, row.sent, row.p50, row.p99, row.slowest].map(figure),
      ...[row.late, row.missing].map(figure),
      Object.entries(row.answered)
        .map(([status, count]) => `${count} x ${status}`)
        .join(', '),
      row.remark,
      isUndisturbed(row) ? 'passed' : 'FAILED',
    ]),
  );
  process.stdout.write(
    `late: more than the p99 alone and ${toleratedMs / 1000} s. missing: not there ${graceMs / 1000} s after the last was sent.\n`,
  );
  for (const each of wrong) process.stdout.write(`Wrong: ${each}\n`);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
