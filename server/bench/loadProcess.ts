import autocannon, { type Request, type Result } from 'autocannon';
import { content } from './broadcast';
import { simulatedBrowser } from './simulatedBrowser';

/*
 * Load on the API from a process of its own: as many connections as are wanted, each with one call under way. In: one
 * order of the parent process. Out: what autocannon measured. Ends with its parent.
 */

export interface LoadOrder {
  readonly url: string;
  readonly key: string;
  readonly call: 'subscribe' | 'sendNotification';
  readonly connections: number;
  readonly seconds: number;
  /** Of the push service: scheme, host and port. */
  readonly origin: string;
  /** The first browser to subscribe; those after it follow, each once. */
  readonly firstBrowser: number;
  /** Users to send to, `user-0` and on, in turns. */
  readonly users: number;
  /** Calls a second at most; without it each connection calls again as soon as it is answered. */
  readonly perSecond?: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly calls: number;
  /** Calls that were refused, went wrong or stayed without an answer. */
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const subscribe =
  'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created subscription { id } } }';
const send =
  'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id status } } }';

function bodies(order: LoadOrder): () => string {
  let next = 0;
  if (order.call === 'sendNotification') {
    return () => {
      const input = { audience: { userIds: [`user-${next++ % order.users}`] }, content };
      return JSON.stringify({ query: send, variables: { input } });
    };
  }
  return () => {
    const { path, publicKey, authSecret } = simulatedBrowser(order.firstBrowser + next++);
    const keys = { p256dh: publicKey.toString('base64url'), auth: authSecret.toString('base64url') };
    const input = { subscription: { endpoint: order.origin + path, keys }, tags: ['news'], locale: 'en' };
    return JSON.stringify({ query: subscribe, variables: { input } });
  };
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const nextBody = bodies(order);
  const setupRequest = (request: Request): Request => ({ ...request, body: nextBody() });
  const result: Result = await autocannon({
    url: order.url,
    method: 'POST',
    connections: order.connections,
    duration: order.seconds,
    ...(order.perSecond === undefined ? {} : { overallRate: order.perSecond }),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${order.key}` },
    requests: [{ setupRequest }],
    verifyBody: (body) => !String(body).includes('"errors"'),
  });
  return {
    perSecond: result.requests.average,
    calls: result.requests.total,
    failed: result.non2xx + result.errors + result.timeouts + result.mismatches,
    ...{ p50Ms: result.latency.p50, p99Ms: result.latency.p99, maxMs: result.latency.max },
  };
}

process.on('message', async (order: LoadOrder) => {
  process.send?.(await run(order));
  process.disconnect();
});
process.on('disconnect', () => process.exit());
