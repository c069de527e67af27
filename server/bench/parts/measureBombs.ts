import { expensiveDocuments, hostileDocuments } from '../../test/support/api/hostileDocuments';
import type { BenchPlace } from '../benchPlace';
import { type Engine, type Installation, openInstallation } from '../installation';
import { cpuMicroseconds } from '../processUsage';
import { figure, printTable } from '../table';

export interface BombOptions {
  readonly engine: Engine;
  /** How often each document is sent. */
  readonly repeats: number;
}

interface Bomb {
  readonly kind: string;
  readonly code: string;
  /** Until the answer when it is sent for the first time. */
  readonly firstMs: number;
  /** CPU time of the API process for each. */
  readonly cpuMs: number;
  /** The slowest answer that somebody else got meanwhile. */
  readonly slowestOtherMs: number;
}

const bystanderEveryMs = 20;

/** Every hostile document over HTTP: what refusing it costs the API process, and what others notice of it. */
export async function measureBombs(place: BenchPlace, options: BombOptions): Promise<unknown> {
  const installation = await openInstallation(place, { engine: options.engine });
  try {
    await post(installation, '{ vapidPublicKey }');
    const bombs: Bomb[] = [];
    for (const [kind, document] of [...hostileDocuments, ...expensiveDocuments]) {
      bombs.push({ kind, ...(await throwAt(installation, document, options.repeats)) });
    }
    print(options, bombs);
    return { options, bombs };
  } finally {
    await installation.remove();
  }
}

async function throwAt(
  installation: Installation,
  document: string,
  repeats: number,
): Promise<Omit<Bomb, 'kind'>> {
  const startedAt = performance.now();
  const code = await post(installation, document);
  const firstMs = performance.now() - startedAt;
  const before = apiCpu(installation);
  for (let left = repeats; left > 0; left -= 1) await post(installation, document);
  const cpuMs = (apiCpu(installation) - before) / repeats / 1_000;
  return { code, firstMs, cpuMs, slowestOtherMs: await slowestBeside(installation, document, repeats) };
}

/** Somebody asks something small again and again while the documents come in. */
async function slowestBeside(installation: Installation, document: string, repeats: number): Promise<number> {
  let done = false;
  let slowestMs = 0;
  const bystander = (async () => {
    while (!done) {
      const askedAt = performance.now();
      await post(installation, '{ vapidPublicKey }');
      slowestMs = Math.max(slowestMs, performance.now() - askedAt);
      await new Promise((resolve) => setTimeout(resolve, bystanderEveryMs));
    }
  })();
  for (let left = repeats; left > 0; left -= 1) await post(installation, document);
  done = true;
  await bystander;
  return slowestMs;
}

/** The process that answers: the first of ours. */
function apiCpu({ processes }: Installation): number {
  const [api] = processes;
  if (!api) throw new Error('There is no process to measure.');
  return cpuMicroseconds(api.pid);
}

/** @returns the code it is refused with, 'answered' for data */
async function post({ url, adminKey }: Installation, query: string): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminKey}` },
    body: JSON.stringify({ query }),
  });
  const answer = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return answer.errors?.[0]?.extensions.code ?? 'answered';
}

function print({ engine, repeats }: BombOptions, bombs: readonly Bomb[]): void {
  printTable(
    `Hostile documents, ${engine}, each ${figure(repeats)} times`,
    ['document', 'answer', 'CPU, ms', 'first answer, ms', 'slowest of others, ms'],
    bombs.map((bomb) => [
      ...[bomb.kind, bomb.code],
      ...[bomb.cpuMs, bomb.firstMs, bomb.slowestOtherMs].map(figure),
    ]),
  );
  printTable(
    'The worst of them',
    ['CPU, ms', 'first answer, ms', 'slowest of others, ms'],
    [[worst(bombs, 'cpuMs'), worst(bombs, 'firstMs'), worst(bombs, 'slowestOtherMs')]],
  );
}

function worst(bombs: readonly Bomb[], what: 'cpuMs' | 'firstMs' | 'slowestOtherMs'): string {
  return figure(Math.max(...bombs.map((bomb) => bomb[what])));
}
