import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startExpander } from '../../../src/audience/expander';
import { readConfig } from '../../../src/config';
import { startHealthServer } from '../../../src/http/startHealthServer';
import { startHttpServer } from '../../../src/http/startHttpServer';
import { silentLog } from '../../../src/observe/log';
import { createMetrics } from '../../../src/observe/metrics';
import { startFanfare } from '../../../src/processes/startFanfare';
import { startWorker } from '../../../src/processes/startWorker';
import { openPushTransport } from '../../../src/webPush/transport/pushTransport';

jest.mock('../../../src/processes/startWorker', () => {
  const { startWorker: actual } = jest.requireActual('../../../src/processes/startWorker');
  return { startWorker: jest.fn(actual) };
});
jest.mock('../../../src/http/startHttpServer', () => {
  const { startHttpServer: actual, ...others } = jest.requireActual('../../../src/http/startHttpServer');
  return { ...others, startHttpServer: jest.fn(actual) };
});
jest.mock('../../../src/audience/expander', () => {
  const { startExpander: actual } = jest.requireActual('../../../src/audience/expander');
  return { startExpander: jest.fn(actual) };
});
jest.mock('../../../src/webPush/transport/pushTransport', () => {
  const { openPushTransport: actual } = jest.requireActual('../../../src/webPush/transport/pushTransport');
  return { openPushTransport: jest.fn(actual) };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (port: number, settings: Record<string, string> = {}) =>
  startFanfare({
    config: readConfig({
      FANFARE_ENCRYPTION_THREADS: '0',
      FANFARE_PORT: String(port),
      FANFARE_DATA_DIR: folder,
      ...settings,
    }),
    role: 'all',
    log: silentLog,
    claimTimeoutMs: 0,
  });

async function occupyPort(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

test('a port in use ends the start before any work is taken, and leaves nothing behind', async () => {
  const { server, port } = await occupyPort();
  await expect(start(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(startWorker).not.toHaveBeenCalled();
  await new Promise((resolve) => server.close(resolve));
  const fanfare = await start(port);
  expect(startWorker).toHaveBeenCalledTimes(1);
  await fanfare.stop();
});

test('every limit that is set reaches the HTTP server', async () => {
  const fanfare = await start(0, {
    ...{ NODE_ENV: 'production', FANFARE_VAPID_SUBJECT: 'mailto:push@example.com' },
    ...{ FANFARE_REQUESTS_PER_MINUTE: '101', FANFARE_REQUESTS_PER_MINUTE_PER_ADDRESS: '102' },
    ...{ FANFARE_SUBSCRIBES_PER_MINUTE_PER_ADDRESS: '103', FANFARE_SUBSCRIPTIONS_PER_USER: '104' },
    ...{ FANFARE_SUBSCRIPTIONS_PER_APPLICATION: '105', FANFARE_NEW_SUBSCRIPTIONS_PER_HOUR: '106' },
    ...{ FANFARE_TRUSTED_PROXIES: '7', FANFARE_ONLY_KNOWN_DOCUMENTS: 'true' },
    ...{ FANFARE_MAX_CONNECTIONS: '508', FANFARE_MAX_WEBSOCKETS: '109' },
    ...{ FANFARE_MAX_WEBSOCKETS_PER_APPLICATION: '10', FANFARE_MAX_PENDING_WEBSOCKETS: '111' },
    FANFARE_KEEP_ALIVE_SECONDS: '112',
  });
  await fanfare.stop();
  expect(jest.mocked(startHttpServer).mock.calls.at(-1)?.[0].rules).toMatchObject({
    hidesSchema: true,
    onlyKnownDocuments: true,
    rateLimits: { perKey: 101, perAddress: 102, subscribesPerAddress: 103 },
    ...{ subscriptionsPerUser: 104, subscriptionsMost: 105, newSubscriptionsPerHour: 106 },
    ...{ trustedProxies: 7, maxConnections: 508, keepAliveSeconds: 112 },
    webSockets: { secret: 109, secretPerApplication: 10, pending: 111 },
  });
});

/** What the latest call of a function that only watches gave. */
function latest<Part>(start: (...given: never[]) => Part): Part {
  return jest.mocked(start).mock.results.at(-1)?.value;
}

/** A WebSocket whose peer answers nothing, not even that it is to be closed. */
async function openMuteSocket(url: string): Promise<Socket> {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    `GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\
Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
  );
  const [head] = await once(socket, 'data');
  expect(String(head)).toMatch(/^HTTP\/1.1 101 /);
  return socket;
}

test('what is to stop begins no new work while something else is waited for', async () => {
  const fanfare = await start(0);
  const socket = await openMuteSocket(fanfare.url ?? '');
  const stopExpander = jest.spyOn(latest(startExpander), 'stop');
  const transport = latest(openPushTransport);
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const closeTransport = jest.spyOn(transport, 'close').mockReturnValueOnce(answered);
  const stopped = fanfare.stop();
  await new Promise(setImmediate);
  expect({ expander: stopExpander.mock.calls, transport: closeTransport.mock.calls }).toEqual({
    ...{ expander: [[]], transport: [[12_000]] },
  });
  await expect(fetch(`${fanfare.url}/healthz`)).rejects.toThrow();
  socket.destroy();
  answer();
  await stopped;
  await transport.close(0);
});

test('a worker is ready once it takes work, and only while it has its queue', async () => {
  const queue = { connected: true };
  let isStarted = false;
  const server = await startHealthServer({
    database: { sql: { rows: async () => [{ one: 1 }] }, isStorageFull: () => false } as never,
    ...{ queue, registry: createMetrics().registry, log: silentLog, isStarted: () => isStarted },
    keepAliveSeconds: 75,
    ...{ host: '127.0.0.1', port: 0 },
  });
  const look = async () => {
    const answer = await fetch(`${server.url}/readyz`);
    const { checks } = (await answer.json()) as { checks: Record<string, string> };
    return [answer.status, checks.queue, checks.process];
  };
  const starting = await look();
  isStarted = true;
  const ready = await look();
  queue.connected = false;
  const cutOff = await look();
  await server.stop();
  expect({ starting, ready, cutOff }).toEqual({
    starting: [503, 'ok', 'starting'],
    ready: [200, 'ok', 'ok'],
    cutOff: [503, 'unavailable', 'ok'],
  });
});

test('the metrics show how much work waits for what, also where there is none', async () => {
  const fanfare = await start(0);
  try {
    const text = await (await fetch(`${fanfare.url}/metrics`)).text();
    const dispatches = text.split('\n').filter((line) => line.startsWith('fanfare_dispatches{'));
    const states = ['waiting', 'published', 'under way', 'dead'];
    expect(dispatches).toEqual(states.map((state) => `fanfare_dispatches{state="${state}"} 0`));
  } finally {
    await fanfare.stop();
  }
});
