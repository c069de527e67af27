import type { BenchPlace } from '../benchPlace';
import { type Broadcast, broadcast, content } from '../broadcast';
import { type Engine, type Installation, openInstallation } from '../installation';
import { type LoopOrder, type LoopResult, peers } from '../peers/loop';
import { nameOfPeer, runOutsidePeer } from '../peers/outsidePeer';
import { runPeer } from '../peers/runPeer';
import { serverNames } from '../servers';
import { figure, median, printTable } from '../table';

export interface CompareOptions {
  readonly deliveries: number;
  readonly peerMessages: number;
  /** Programs of others, see `runOutsidePeer`. */
  readonly outsidePeers: readonly string[];
  readonly rounds: number;
  readonly engines: readonly Engine[];
  /** How long the push service takes to answer. */
  readonly delayMs: number;
}

/** As long as what we send: Declarative Web Push with a receipt token. */
const payloadLength = 480;
const concurrency = 100;

/** Ours and the peers' delivery, round by round in turns, so that all meet the same machine. */
export async function compareDelivery(place: BenchPlace, options: CompareOptions): Promise<unknown> {
  const installations = new Map<Engine, Installation>();
  const ours = new Map<Engine, Broadcast[]>(options.engines.map((engine) => [engine, []]));
  const runs = peerRuns(place, options);
  const theirs = new Map<string, LoopResult[]>([...runs.keys()].map((peer) => [peer, []]));
  try {
    for (const engine of options.engines) installations.set(engine, await prepared(place, engine, options));
    for (let round = 0; round < options.rounds; round += 1) {
      for (const [engine, installation] of installations) {
        ours.get(engine)?.push(await broadcast(installation, place.sink, options.deliveries, options));
      }
      for (const [peer, run] of runs) theirs.get(peer)?.push(await run());
    }
  } finally {
    for (const installation of installations.values()) await installation.remove();
  }
  printComparison(ours, theirs, options.engines.includes('separate') ? await serverNames() : '');
  return { options, ours: Object.fromEntries(ours), peers: Object.fromEntries(theirs) };
}

/** With subscriptions, and warmed up by one broadcast. */
async function prepared(place: BenchPlace, engine: Engine, options: CompareOptions): Promise<Installation> {
  const installation = await openInstallation(place, { engine });
  await installation.seed({ from: 0, count: options.deliveries });
  await broadcast(installation, place.sink, options.deliveries, options);
  return installation;
}

/** Each peer by its name in the tables. */
function peerRuns(place: BenchPlace, options: CompareOptions): Map<string, () => Promise<LoopResult>> {
  const runs = new Map<string, () => Promise<LoopResult>>();
  for (const variant of peers) {
    runs.set(variant, () => runOnce(place, options, (order) => runPeer({ ...order, variant })));
  }
  for (const program of options.outsidePeers) {
    const run = () => runOnce(place, options, (order) => runOutsidePeer(program, order, place.folder));
    runs.set(nameOfPeer(program), async () => {
      const result = await run();
      await checkPosts(place, program, options.peerMessages);
      return result;
    });
  }
  return runs;
}

async function runOnce(
  { sink, certificate }: BenchPlace,
  { peerMessages, delayMs }: CompareOptions,
  run: (order: Omit<LoopOrder, 'variant'>) => Promise<LoopResult>,
): Promise<LoopResult> {
  await sink.begin({ browsers: peerMessages, delayMs });
  const payload = JSON.stringify({ ...content, padding: '' }).slice(0, -2);
  return run({
    ...{ concurrency, origin: sink.origin, caFile: certificate.certFile, messages: peerMessages },
    payload: `${payload}${'x'.repeat(Math.max(0, payloadLength - payload.length - 2))}"}`,
  });
}

/** A program that we did not write is not taken at its word. */
async function checkPosts({ sink }: BenchPlace, program: string, messages: number): Promise<void> {
  const { distinct, faulty, verified, faults } = await sink.report();
  if (distinct === messages && faulty === 0 && verified > 0) return;
  throw new Error(
    `${program}: ${distinct} of ${messages} browsers, ${verified} verified. ${faults.join(' ')}`,
  );
}

function printComparison(
  ours: Map<Engine, Broadcast[]>,
  theirs: Map<string, LoopResult[]>,
  servers: string,
): void {
  const loops = [...theirs].map(([name, results]) => ({
    name,
    us: median(results.map((result) => result.cpuMicrosecondsPerMessage)),
    perSecond: median(results.map((result) => result.messagesPerSecond)),
    others: '',
  }));
  const own = [...ours].map(([engine, broadcasts]) => {
    const names = Object.keys(broadcasts[0]?.cpu ?? {});
    const us = (name: string) => median(broadcasts.map((each) => each.cpu[name] ?? 0));
    const [first = '', ...rest] = names;
    return {
      name: engine === 'embedded' ? 'Fanfare, embedded (SQLite)' : `Fanfare, worker (${servers})`,
      us: us(first),
      perSecond: median(broadcasts.map((each) => each.deliveries / (each.completedMs / 1000))),
      others: rest.map((name) => `${name} ${figure(us(name))}`).join(', '),
    };
  });
  const reference = loops[0]?.us ?? Number.NaN;
  printTable(
    'CPU time of the delivering process per message (medians of alternating rounds)',
    ['program', 'us CPU', 'times web-push', 'per second, wall', 'CPU of the others, us'],
    [...loops, ...own].map(({ name, us, perSecond, others }) => [
      ...[name, figure(us), figure(reference / us), figure(perSecond), others],
    ]),
  );
}
