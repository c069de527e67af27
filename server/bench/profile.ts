import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `node --cpu-prof` writes (Chrome's .cpuprofile), as far as it is read here. */
interface CpuProfile {
  /** Microseconds on the clock of `process.hrtime`. */
  readonly startTime: number;
  readonly nodes: ReadonlyArray<{
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }>;
  readonly samples: readonly number[];
  /** Microseconds since the sample before; the first since `startTime`. */
  readonly timeDeltas: readonly number[];
}

export interface Share {
  readonly name: string;
  /** Self time in microseconds. */
  readonly us: number;
}

/** Where the time went: by part of the system, and by function. Idle time is left out. */
export interface ProfileSummary {
  readonly totalUs: number;
  readonly parts: readonly Share[];
  readonly functions: readonly Share[];
}

/**
 * The part that a stack belongs to is told by the innermost frame that any of these patterns knows, so that a socket
 * written by the database's driver counts for the database.
 */
const partPatterns: ReadonlyArray<readonly [RegExp, string]> = [
  [/delivery\/encryption\//, 'encryption (RFC 8291)'],
  [/secrets\/sealedBox\.js/, 'opening sealed auth secrets'],
  [/secrets\/receiptToken\.js/, 'receipt tokens'],
  [/egress\//, 'endpoint check'],
  [/delivery\/vapidAuthorization\.js/, 'VAPID tokens'],
  [/delivery\/(transport\/|pushTransport)|node:internal\/http2|node:http2/, 'HTTP/2 client'],
  [
    /node_modules\/(mysql2|sqlstring|typeorm|libsql|iconv-lite|denque|lru\.min|named-placeholders|generate-function)\//,
    'database driver',
  ],
  [
    /dist\/database\/|delivery\/(recordSettlements|claimDispatch|targets|pushMessages|leaseKeeper)\.js/,
    'database, our side',
  ],
  [/node_modules\/amqplib|dist\/queue\//, 'queue'],
  [/node_modules\/(prom-client|pino)|dist\/observe\//, 'metrics and log'],
  [/dist\/(relay|audience)\//, 'relay and expansion'],
  [/dist\/delivery\//, 'delivery, our glue'],
  [/dist\//, 'other code of ours'],
];

const wholeParts: Readonly<Record<string, string>> = {
  '(garbage collector)': 'garbage collection',
  '(program)': 'native code outside JavaScript (sockets, TLS reads, libuv)',
};

/** Reads the one .cpuprofile in a folder; only samples between the two instants (`process.hrtime`) count. */
export function summariseProfile(folder: string, fromNs: bigint, toNs: bigint): ProfileSummary {
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error(`No profile was written to ${folder}.`);
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
  return summarise(profile, Number(fromNs / 1000n), Number(toNs / 1000n));
}

function summarise(profile: CpuProfile, fromUs: number, toUs: number): ProfileSummary {
  const selfUs = selfTimes(profile, fromUs, toUs);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(
    profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])),
  );
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const [id, us] of selfUs) {
    const name = nameOf(nodes.get(id)?.callFrame);
    if (name === '(idle)') continue;
    add(functions, name, us);
    add(parts, wholeParts[name] ?? partOf(id, nodes, parents), us);
  }
  const totalUs = [...parts.values()].reduce((sum, us) => sum + us, 0);
  return { totalUs, parts: sorted(parts), functions: sorted(functions) };
}

/** A sample stands for the time until the next one. */
function selfTimes(profile: CpuProfile, fromUs: number, toUs: number): Map<number, number> {
  const selfUs = new Map<number, number>();
  let at = profile.startTime;
  for (const [index, id] of profile.samples.entries()) {
    at += profile.timeDeltas[index] ?? 0;
    if (at >= fromUs && at < toUs) add(selfUs, id, Math.max(0, profile.timeDeltas[index + 1] ?? 0));
  }
  return selfUs;
}

type Nodes = Map<number, CpuProfile['nodes'][number]>;

function partOf(id: number, nodes: Nodes, parents: Map<number, number>): string {
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
    const url = nodes.get(at)?.callFrame.url ?? '';
    const known = partPatterns.find(([pattern]) => pattern.test(url));
    if (known) return known[1];
  }
  return 'node itself (promises, timers, streams)';
}

function nameOf(frame: CpuProfile['nodes'][number]['callFrame'] | undefined): string {
  if (!frame) return 'unknown';
  const file = frame.url.split('/').slice(-2).join('/');
  return file === ''
    ? frame.functionName
    : `${frame.functionName || '(anonymous)'} ${file}:${frame.lineNumber + 1}`;
}

function add<Key>(sums: Map<Key, number>, key: Key, us: number): void {
  sums.set(key, (sums.get(key) ?? 0) + us);
}

function sorted(sums: Map<string, number>): Share[] {
  return [...sums].map(([name, us]) => ({ name, us })).sort((a, b) => b.us - a.us);
}
