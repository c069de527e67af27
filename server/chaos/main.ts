import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { figure, printTable } from '../bench/table';
import { UndoStack } from '../bench/undoStack';
import { mariadbInstalled } from '../test/support/servers/mariadbNode';
import { rabbitInstalled } from '../test/support/servers/rabbitNode';
import type { Fault } from './fault';
import { contention } from './faults/contention';
import { kills } from './faults/kills';
import { allWell, credentials, outage, pushServices } from './faults/pushServices';
import { servers } from './faults/servers';
import { type Ground, openGround } from './ground';
import { compareHostile } from './hostile/compareHostile';
import type { Engine } from './installation';
import { compareNeighbours, type NeighbourOptions } from './neighbours/compareNeighbours';
import { fewestPairs } from './neighbours/p99Ratio';
import { type FaultResult, playFault } from './playFault';
import { comparePoison } from './poison/comparePoison';
import { compareTiming } from './timing/compareTiming';
import { findLibfaketime } from './timing/fakeClock';

/*
 * The chaos run. In: which faults, and how many deliveries. Out: a table of what each fault did, the same as JSON if
 * asked, and a status of 1 when a promise was broken. Called by `npm run chaos`.
 */

const faults: readonly Fault[] = [...kills, ...servers, ...pushServices, credentials, outage, contention];

const { values } = parseArgs({
  options: {
    part: { type: 'string', default: 'faults' },
    deliveries: { type: 'string', default: '20000' },
    only: { type: 'string', multiple: true },
    engine: { type: 'string' },
    rounds: { type: 'string' },
    'per-second': { type: 'string', default: '60' },
    'phase-seconds': { type: 'string', default: '12' },
    limit: { type: 'string', default: '1.1' },
    'attack-seconds': { type: 'string', default: '12' },
    factor: { type: 'string', default: '10' },
    'watch-seconds': { type: 'string', default: '30' },
    out: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const usage = `npm run chaos -- [options]
  --part <name>        faults (every fault in the middle of a broadcast), neighbours (a healthy push service
                       beside an ill one, measured in turns), poison (a healthy application next to one with bad
                       subscriptions), hostile (an API under attack), clocks (clocks that are apart or set; needs
                       libfaketime) or standstill (processes that stand still, a rolling restart)
  --only <text>        rows whose name holds the text; may be given more than once
  --engine <name>      embedded or separate
  --out <file>         writes the results as JSON too
faults
  --deliveries <n>     browsers of each broadcast (20000)
  --rounds <n>         how often all of it (1)
  --list               names the faults
neighbours
  --rounds <n>         pairs of a well and an ill phase for each fault (10), 6 at the least; one in which the hypervisor
                       took more than 2 % of the CPU is measured anew, up to 5 times as many
  --phase-seconds <n>  how long each is measured (12)
  --per-second <n>     messages to single people at the healthy push service (60); 900 in a phase at the most
  --limit <n>          status 1 when the p99 beside an ill one is more than so many times that beside a well one, by the
                       whole of its 95 % interval (1.1); what these pairs do not tell ends with 0, and is named
poison
  --watch-seconds <n>  how long single messages go on after each attack (30)
hostile
  --attack-seconds <n> how long each attack lasts (12)
  --factor <n>         status 1 when health checks or messages are more than so many times slower (10)
`;

function chosen(): Fault[] {
  const picked = faults.filter(
    ({ name, engine }) =>
      (values.engine === undefined || engine === values.engine) &&
      (values.only === undefined || values.only.some((text) => name.includes(text))),
  );
  // an ill push service is compared with a well one of the same run
  const compared = picked.some((fault) => pushServices.includes(fault)) && !picked.includes(allWell);
  return compared ? [allWell, ...picked] : picked;
}

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(usage);
  if (values.list) return void process.stdout.write(faults.map(({ name }) => `${name}\n`).join(''));
  const undo = new UndoStack();
  process.once('SIGINT', () => void undo.run().finally(() => process.exit(130)));
  if (values.part === 'neighbours') return runNeighbours(undo);
  if (values.part === 'poison') return runPoison(undo);
  if (values.part === 'hostile') return runHostile(undo);
  if (values.part === 'clocks' || values.part === 'standstill') return runTiming(undo, values.part);
  const results: FaultResult[] = [];
  const broken: string[] = [];
  try {
    const ground = await openGround(undo);
    for (let round = 0; round < Number(values.rounds ?? 1); round += 1) {
      for (const fault of chosen().filter(isPossible)) {
        const result = await playToTheEnd(ground, fault);
        if (result) results.push(result);
        else broken.push(fault.name);
      }
    }
  } finally {
    print(results);
    for (const name of broken) process.stdout.write(`Not played to its end: ${name}\n`);
    if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(results, undefined, 2)}\n`);
    await undo.run();
  }
  process.exitCode = broken.length > 0 || results.some(({ wrong }) => wrong.length > 0) ? 1 : 0;
}

/** @returns undefined when it could not be played: the others of a long run are played all the same */
async function playToTheEnd(ground: Ground, fault: Fault): Promise<FaultResult | undefined> {
  process.stderr.write(`${new Date().toISOString()} ${fault.name}\n`);
  try {
    return await playFault(ground, fault, Number(values.deliveries));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return undefined;
  }
}

async function runNeighbours(undo: UndoStack): Promise<void> {
  const serversFound = mariadbInstalled && rabbitInstalled;
  const options: NeighbourOptions = {
    engine: values.engine === 'embedded' || !serversFound ? 'embedded' : 'separate',
    perSecond: positiveNumber('per-second', values['per-second']),
    phaseMs: positiveNumber('phase-seconds', values['phase-seconds']) * 1000,
    pairs: pairsOf(values.rounds ?? '10'),
    limit: positiveNumber('limit', values.limit),
    only: values.only ?? [],
    out: values.out,
  };
  await judged(undo, async () => compareNeighbours(await openGround(undo), undo, options));
}

async function runPoison(undo: UndoStack): Promise<void> {
  const watchMs = positiveNumber('watch-seconds', values['watch-seconds']) * 1000;
  const { only = [], out } = values;
  await judged(undo, async () =>
    comparePoison(await openGround(undo), { engines: engines(), only, watchMs, out }),
  );
}

async function runHostile(undo: UndoStack): Promise<void> {
  const [engine = 'embedded'] = engines();
  const attackMs = positiveNumber('attack-seconds', values['attack-seconds']) * 1000;
  const factor = positiveNumber('factor', values.factor);
  const { only = [], out } = values;
  await judged(undo, async () =>
    compareHostile(await openGround(undo), { engine, only, attackMs, factor, out }),
  );
}

async function runTiming(undo: UndoStack, part: 'clocks' | 'standstill'): Promise<void> {
  const library = findLibfaketime();
  if (part === 'clocks' && library === undefined) {
    process.stderr.write(
      'Not measured: libfaketime is not installed (Debian: apt-get install libfaketime).\n',
    );
    process.exitCode = 2;
    return;
  }
  const { only = [], out } = values;
  await judged(undo, async () =>
    compareTiming(await openGround(undo), { part, engines: engines(), only, library, out }),
  );
}

/** Both, unless one was named or the servers of the other are not installed. */
function engines(): Engine[] {
  const possible: Engine[] = mariadbInstalled && rabbitInstalled ? ['separate', 'embedded'] : ['embedded'];
  return possible.filter((engine) => values.engine === undefined || engine === values.engine);
}

/** Ends with status 1 when it did not pass. */
async function judged(undo: UndoStack, run: () => Promise<boolean>): Promise<void> {
  try {
    process.exitCode = (await run()) ? 0 : 1;
  } finally {
    await undo.run();
  }
}

function positiveNumber(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new Error(`--${option} is to be a number above 0, not "${text}".`);
  }
  return value;
}

function pairsOf(text: string): number {
  const pairs = positiveNumber('rounds', text);
  if (!Number.isInteger(pairs) || pairs < fewestPairs) {
    throw new Error(`--rounds is to be a whole number from ${fewestPairs} on, not "${text}".`);
  }
  return pairs;
}

function isPossible({ name, engine }: Fault): boolean {
  const possible = engine === 'embedded' || (mariadbInstalled && rabbitInstalled);
  if (!possible) process.stdout.write(`Skipped: ${name}, which needs mariadbd and rabbitmq-server\n`);
  return possible;
}

function print(results: readonly FaultResult[]): void {
  const usual = results.find(({ name }) => name === allWell.name);
  printTable(
    'Faults in the middle of a broadcast',
    [
      'fault',
      'deliveries',
      'lost',
      'doubled',
      'wrongly retired',
      'took s',
      'recovered s',
      'MB',
      'seen',
      'wrong',
    ],
    results.map((each) => [
      each.name,
      ...[each.deliveries, each.lost, each.doubled, each.wronglyRetired].map(figure),
      ...[each.durationMs / 1000, each.recoveryMs / 1000, each.workerMegabytes].map(figure),
      each.remark ?? '',
      each.wrong.join('; '),
    ]),
  );
  const probed = results.filter(({ probes }) => probes !== undefined);
  if (probed.length === 0) return;
  printTable(
    'The push service beside it',
    ['fault', 'single users', 'p50 ms', 'p99 ms', 'p99 against none', 'its half of the broadcast s'],
    probed.map(({ name, probes, healthyMs }) => [
      name,
      figure(probes?.sent ?? 0),
      figure(probes?.p50 ?? 0),
      figure(probes?.p99 ?? 0),
      usual?.probes && probes ? `${Math.round((probes.p99 / usual.probes.p99 - 1) * 100)} %` : '',
      figure((healthyMs ?? 0) / 1000),
    ]),
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
