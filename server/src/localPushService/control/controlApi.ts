import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { LocalPushService } from '../localPushService';
import type { PushReply } from '../pushRefusal';
import { readBody } from '../readBody';
import type { Subscriptions } from '../subscriptions';
import type { SimulatedUserAgent } from '../userAgent/simulatedUserAgent';
import { onlineInput, scriptInput, subscribeInput, unsubscribeInput, userAgentsInput } from './controlInput';

export interface ControlDeps {
  readonly service: LocalPushService;
  readonly subscriptions: Subscriptions;
  readonly simulated: ReadonlyMap<string, SimulatedUserAgent>;
}

interface ControlCall {
  readonly parts: ControlDeps;
  readonly input: unknown;
  readonly query: URLSearchParams;
  /** The uaid in the path, if the route has one. */
  readonly uaid: string;
}

type Handler = (call: ControlCall) => unknown;

class ControlFault extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const maxInputBytes = 65_536;
const longestWaitMs = 60_000;

const routes: Readonly<Record<string, Handler>> = {
  'GET stats': ({ parts }) => parts.service.stats(),
  'POST reset': ({ parts }) => parts.service.reset(),
  'GET requests': ({ parts }) => ({ requests: parts.service.requests.map(withoutSecrets) }),
  'GET acknowledgements': ({ parts }) => ({ acknowledgements: parts.service.acknowledgements }),
  'POST scripts': ({ parts, input }) => parts.service.script(scriptInput.parse(input)),
  'DELETE scripts': ({ parts }) => parts.service.clearScripts(),
  'GET user-agents': listUserAgents,
  'POST user-agents': createUserAgents,
  'DELETE user-agents/:uaid': forgetUserAgent,
  'PUT user-agents/:uaid/online': setOnline,
  'GET user-agents/:uaid/received': listReceived,
  'POST user-agents/:uaid/subscriptions': subscribe,
  'DELETE user-agents/:uaid/subscriptions': unsubscribe,
};

/**
 * The control API under `/control/`: JSON in and out, for a test or a person in another process.
 * It can read every message, so it answers only to this machine and never to a web page.
 */
export async function answerControl(request: IncomingMessage, parts: ControlDeps): Promise<PushReply> {
  try {
    if (!isFromThisMachine(request)) throw new ControlFault(403, 'The control API answers only to loopback');
    const url = new URL(request.url ?? '/', 'http://localhost');
    const { handler, uaid } = findRoute(request.method ?? 'GET', url.pathname);
    const input = await readJson(request);
    const output = await handler({ parts, input, query: url.searchParams, uaid });
    return output === undefined ? { status: 204, headers: {}, body: '' } : json(200, output);
  } catch (error) {
    return faultReply(error);
  }
}

// a page in a browser on this machine comes from loopback as well, but sends an Origin; a name that was
// rebound to 127.0.0.1 shows in Host
function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const authority = headers[':authority'] ?? headers.host ?? '';
  const named = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(String(authority));
  return (address === '::1' || address.startsWith('127.')) && named && headers.origin === undefined;
}

function findRoute(method: string, path: string): { handler: Handler; uaid: string } {
  const [name = '', uaid = '', rest] = path.replace('/control/', '').split('/');
  const pattern = [name, uaid === '' ? undefined : ':uaid', rest].filter((part) => part !== undefined);
  const handler = routes[`${method} ${pattern.join('/')}`];
  if (!handler) throw new ControlFault(404, 'No such control route');
  return { handler, uaid };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, maxInputBytes);
  if (!body || body.length > maxInputBytes) throw new ControlFault(413, 'Input is too large');
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ControlFault(400, 'Input is not JSON');
  }
}

function listUserAgents({ parts }: ControlCall): object {
  const userAgents = [...parts.subscriptions.userAgents.values()].map((userAgent) => ({
    uaid: userAgent.uaid,
    simulated: userAgent.simulated,
    online: userAgent.connection !== undefined,
    subscriptions: userAgent.channels.size,
    held: userAgent.held.length,
    receivedCount: parts.simulated.get(userAgent.uaid)?.receivedCount,
  }));
  return { userAgents };
}

function createUserAgents({ parts, input }: ControlCall): object {
  const { count, subscriptions, applicationServerKey, ...options } = userAgentsInput.parse(input);
  const userAgents = Array.from({ length: count }, () => {
    const userAgent = parts.service.createUserAgent(options);
    const made = Array.from({ length: subscriptions }, () => userAgent.subscribe(applicationServerKey));
    return { uaid: userAgent.uaid, subscriptions: made };
  });
  return { userAgents };
}

function forgetUserAgent({ parts, uaid }: ControlCall): void {
  if (!parts.service.forgetUserAgent(uaid)) throw new ControlFault(404, 'No such user agent');
}

function setOnline({ parts, input, uaid }: ControlCall): void {
  const userAgent = findSimulated(parts, uaid);
  if (onlineInput.parse(input).online) userAgent.goOnline();
  else userAgent.goOffline();
}

/** With `?count=n&timeoutMs=t` it waits for n messages; after t it answers with what there is. */
async function listReceived({ parts, query, uaid }: ControlCall): Promise<object> {
  const userAgent = findSimulated(parts, uaid);
  const count = Number(query.get('count') ?? 0);
  const timeoutMs = Math.min(Number(query.get('timeoutMs') ?? 5000), longestWaitMs);
  if (!(count >= 0 && timeoutMs >= 0)) throw new ControlFault(400, 'count and timeoutMs must be numbers');
  await userAgent.waitForMessages(count, timeoutMs).catch(() => undefined);
  const { receivedCount, received, decryptionFailures } = userAgent;
  return { receivedCount, received, decryptionFailures };
}

function subscribe({ parts, input, uaid }: ControlCall): object {
  return findSimulated(parts, uaid).subscribe(subscribeInput.parse(input).applicationServerKey);
}

function unsubscribe({ parts, input, uaid }: ControlCall): void {
  findSimulated(parts, uaid).unsubscribe(unsubscribeInput.parse(input).endpoint);
}

function findSimulated(parts: ControlDeps, uaid: string): SimulatedUserAgent {
  const userAgent = parts.simulated.get(uaid);
  if (!userAgent) throw new ControlFault(404, 'No such simulated user agent');
  return userAgent;
}

function withoutSecrets<T extends { headers: Readonly<Record<string, unknown>> }>(request: T): T {
  const { authorization, ...headers } = request.headers;
  return {
    ...request,
    headers: authorization === undefined ? headers : { ...headers, authorization: 'vapid' },
  };
}

function faultReply(error: unknown): PushReply {
  if (error instanceof ControlFault) return json(error.status, { error: error.message });
  if (error instanceof z.ZodError) return json(400, { error: z.prettifyError(error) });
  throw error;
}

function json(status: number, output: unknown): PushReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(output) };
}
