import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBenchPlace } from './benchPlace';
import type { Engine } from './installation';
import { removeLeftovers } from './leftovers';
import { compareDelivery } from './parts/compareDelivery';
import { measureApi } from './parts/measureApi';
import { measureBombs } from './parts/measureBombs';
import { measureFanOut } from './parts/measureFanOut';
import { measureLatency } from './parts/measureLatency';
import { measureStatistics } from './parts/measureStatistics';
import { measureSteady } from './parts/measureSteady';
import { profileDelivery } from './parts/profileDelivery';
import { serverNames, serversMissing } from './servers';
import { UndoStack } from './undoStack';

/*
 * The benchmarks. In: which parts, and their sizes. Out: tables, and the same as JSON in a file. Called by
 * `npm run bench`; everything it makes is gone when it ends, also by Ctrl-C. May fail: then with status 1.
 */

const usualParts = ['delivery', 'profile', 'fan-out', 'latency', 'api', 'bombs', 'statistics'] as const;
const parts = [...usualParts, 'steady'] as const;
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    part: { type: 'string', multiple: true, default: [...usualParts] },
    engine: { type: 'string', multiple: true, default: ['separate', 'embedded'] },
    deliveries: { type: 'string', default: '20000' },
    'peer-messages': { type: 'string', default: '5000' },
    peer: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '5' },
    'delay-ms': { type: 'string', default: '0' },
    subscriptions: { type: 'string', default: '100000' },
    'fan-out-rounds': { type: 'string', default: '2' },
    broadcast: { type: 'string', default: '100000' },
    'latency-rounds': { type: 'string', default: '1' },
    'api-seconds': { type: 'string', default: '60' },
    connections: { type: 'string', default: '16' },
    'bomb-repeats': { type: 'string', default: '50' },
    minutes: { type: 'string', default: '10' },
    'per-second': { type: 'string', default: '40' },
    folder: { type: 'string', default: 'bench-results' },
  },
});

const usage = `npm run bench -- [options]
  --part <name>           ${parts.join(', ')}; may be repeated; all but steady without it
  --engine <name>         separate (RabbitMQ and MySQL or MariaDB) or embedded (SQLite); both without it
  --folder <path>         where the JSON is written (bench-results)
delivery, profile: cost of a delivery, beside the peers; where the time goes
  --deliveries <n>        in a broadcast (20000)
  --peer-messages <n>     in a run of a peer (5000)
  --peer <program>        one more peer, see server/bench/peers/outsidePeer.ts; may be repeated
  --rounds <n>            in turns (5)
  --delay-ms <n>          how long the push service takes to answer (0)
fan-out: a broadcast to everyone; the first engine
  --subscriptions <n>     (100000)
  --fan-out-rounds <n>    broadcasts to all (2)
latency: one message to one user, alone and during a broadcast; the first engine
  --broadcast <n>         size of the broadcast (100000)
  --latency-rounds <n>    in turns (1)
api: calls under load; the first engine
  --api-seconds <n>       (60)
  --connections <n>       (16)
bombs: what it costs to refuse hostile documents; the first engine
  --bomb-repeats <n>      how often each is sent (50)
statistics: what the console asks; each engine
  --subscriptions <n>     (100000)
steady: both calls at the same time; status 1 when memory grows; the first engine
  --minutes <n>           (10)
  --per-second <n>        of each call (40)
`;

async function main(undo: UndoStack): Promise<void> {
  const unknown = values.part.find((part) => !parts.some((known) => known === part));
  if (unknown !== undefined) throw new Error(`There is no part "${unknown}".\n\n${usage}`);
  const engines = await usableEngines();
  await removeLeftovers(engines.includes('separate'));
  const place = await openBenchPlace(undo);
  const results: Record<string, unknown> = { machine: await machine(engines) };
  const file = join(values.folder, `bench-${new Date().toISOString().replaceAll(':', '-')}.json`);
  mkdirSync(values.folder, { recursive: true });
  for (const part of values.part) {
    results[part] = await runPart(part, place, engines);
    writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  process.stdout.write(`\nAll figures: ${file}\n`);
  if (isGrowing(results.steady)) throw new Error('Memory is not flat: see the table above.');
}

function isGrowing(steady: unknown): boolean {
  return steady instanceof Object && 'isFlat' in steady && steady.isFlat === false;
}

async function usableEngines(): Promise<[Engine, ...Engine[]]> {
  const [first, ...others] = values.engine.map((name): Engine => {
    if (name === 'separate' || name === 'embedded') return name;
    throw new Error(`There is no engine "${name}".\n\n${usage}`);
  });
  if (first === undefined) throw new Error('Name an engine.');
  const missing = [first, ...others].includes('separate') ? await serversMissing() : undefined;
  if (missing === undefined) return [first, ...others];
  process.stdout.write(`Left out: everything that needs separate processes, because there is ${missing}.\n`);
  return ['embedded'];
}

async function runPart(
  part: string,
  place: Awaited<ReturnType<typeof openBenchPlace>>,
  engines: readonly [Engine, ...Engine[]],
): Promise<unknown> {
  const engine = engines[0];
  const sizes = {
    deliveries: number('deliveries'),
    rounds: number('rounds'),
    delayMs: number('delay-ms'),
  };
  process.stdout.write(`\n${part} ...\n`);
  switch (part) {
    case 'delivery':
      return compareDelivery(place, {
        ...{ ...sizes, engines, peerMessages: number('peer-messages') },
        outsidePeers: values.peer,
      });
    case 'profile': {
      const profiles: Record<string, unknown> = {};
      for (const each of engines) {
        const folder = join(values.folder, `profile-${each}-${Date.now()}`);
        profiles[each] = await profileDelivery(place, { ...sizes, engine: each, folder });
      }
      return profiles;
    }
    case 'fan-out':
      return measureFanOut(place, {
        engine,
        subscriptions: number('subscriptions'),
        rounds: number('fan-out-rounds'),
      });
    case 'latency':
      return measureLatency(place, {
        engine,
        broadcast: number('broadcast'),
        rounds: number('latency-rounds'),
        idleMessages: 500,
        perSecond: 25,
      });
    case 'statistics':
      return measureStatistics(place, { engines, subscriptions: number('subscriptions') });
    case 'bombs':
      return measureBombs(place, { engine, repeats: number('bomb-repeats') });
    case 'steady':
      return measureSteady(place, {
        ...{ engine, minutes: number('minutes'), perSecond: number('per-second') },
        connections: number('connections') / 2,
      });
    default:
      return measureApi(place, {
        engine,
        seconds: number('api-seconds'),
        connections: number('connections'),
      });
  }
}

type NumberOption = Exclude<keyof typeof values, 'help' | 'part' | 'engine' | 'folder'>;

function number(option: NumberOption): number {
  const value = Number(values[option]);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`--${option} must be a whole number.\n\n${usage}`);
}

async function machine(engines: readonly Engine[]) {
  const [cpu] = cpus();
  const servers = engines.includes('separate') ? await serverNames() : undefined;
  return {
    at: new Date().toISOString(),
    node: process.version,
    cpus: cpus().length,
    cpu: cpu?.model,
    servers,
  };
}

function say(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

const patienceMs = 30_000;

/** Runs to the end or to the first signal, and takes everything back before the process ends. */
function runAndTidy(): void {
  const undo = new UndoStack();
  let interrupted = false;
  const running = main(undo).then(
    () => 0,
    (error: unknown) => {
      // what fails because of the interruption is not worth a word
      if (!interrupted) say(error);
      return 1;
    },
  );
  const tidy = () => undo.run().catch(say);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, async () => {
      if (interrupted) return;
      interrupted = true;
      process.stderr.write('\nInterrupted: removing what was made ...\n');
      await tidy();
      // a step that was under way may have made something more, which is taken back as soon as it is known
      await Promise.race([running, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
      process.exit(130);
    });
  }
  void running.then(async (status) => {
    if (interrupted) return;
    await tidy();
    process.exit(status);
  });
}

if (values.help) process.stdout.write(usage);
else runAndTidy();
