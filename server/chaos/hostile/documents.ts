import { Agent, request } from 'node:http';

import { hostileDocuments } from '../../test/support/api/hostileDocuments';
import { knownDocument } from '../knownDocument';
import type { Target } from './target';

/** No answer is waited for longer. */
const answerTimeoutMs = 20_000;

interface Call {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** POSTs without a key over connections that are kept; what is answered does not matter. */
class Caller {
  readonly #agent: Agent;

  constructor(
    private readonly target: Target,
    connections: number,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  post(call: Call): Promise<void> {
    const { host, port } = this.target;
    return new Promise((resolve) => {
      const sent = request({
        ...{ host, port, path: '/graphql', method: 'POST', agent: this.#agent, timeout: answerTimeoutMs },
        headers: { 'content-type': 'application/json', 'x-forwarded-for': this.target.nextAddress() },
      });
      const finish = (outcome: string) => {
        this.target.count(outcome);
        resolve();
      };
      sent.on('timeout', () => sent.destroy());
      sent.on('error', () => finish('no answer'));
      sent.on('response', (response) => {
        response.on('error', () => undefined);
        response.on('close', () => finish(`status ${response.statusCode}`));
        response.resume();
      });
      sent.end(JSON.stringify(call));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function repeatCalls(target: Target, connections: number, pauseMs: number, call: (n: number) => Call) {
  const caller = new Caller(target, connections);
  let n = 0;
  await target.repeat(connections, async () => {
    n += 1;
    await caller.post(call(n));
    if (pauseMs > 0) await target.pause(pauseMs);
  });
  caller.close();
}

/** A body of 250 kB is the largest that is read. */
const bombBytes = 245_000;

/** Text for each expression that looks for these words in a message. */
const regexBombs = [' Did you mean ', 'Syntax Error: Document contains more ', '"; ', ' at "', 'Value "'].map(
  (words) => `${words.repeat(Math.floor(bombBytes / (JSON.stringify(words).length - 2)))}\n`,
);

/** Values that make a backtracking expression slow, in the document that every service worker sends. */
export function regexBombing(target: Target): Promise<void> {
  const query = knownDocument('recordReceipt');
  return repeatCalls(target, 3, 0, (n) => ({
    query,
    variables: { token: 'x', event: regexBombs[n % regexBombs.length] },
  }));
}

const expensive = [
  `{ ${'viewer { name } '.repeat(247)} }`,
  `{ ${'notifications { edges { node { id } } } '.repeat(98)} }`,
  ...hostileDocuments.map(([, document]) => document),
];

/** Documents within the limits and beyond them, each with another text, so that no cache knows it. */
export function expensiveDocuments(target: Target): Promise<void> {
  return repeatCalls(target, 8, 0, (n) => {
    // the two within the limits are every other one
    const document = n % 2 === 0 ? expensive[(n / 2) % 2] : expensive[n % expensive.length];
    return { query: `# ${n}\n${document}` };
  });
}

const rotationConnections = 20;
const rotationPerSecond = 500;

/** A cheap document, each time from another network. */
export function rotatingAddresses(target: Target): Promise<void> {
  const pauseMs = (1_000 * rotationConnections) / rotationPerSecond;
  return repeatCalls(target, rotationConnections, pauseMs, () => ({ query: '{ viewer { name } }' }));
}
