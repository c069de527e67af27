import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../../src/database/openDatabase';
import { type AnswerDeps, answerGraphql } from '../../../src/http/answerGraphql';
import { type AnswerDeadline, endIfUnread, oneAtATime } from '../../../src/http/connectionLimits';
import { createHttpServer } from '../../../src/http/httpServer';
import { startHealthServer } from '../../../src/http/startHealthServer';
import { silentLog } from '../../../src/observe/log';
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import { startSqliteApi } from '../../support/api/sqliteApi';
import { until } from '../../support/until';

/** 360 ms for 16 MB. */
const brief = { timeoutMs: 200, bytesPerSecond: 100_000_000 };

const descriptors = () => readdirSync('/proc/self/fd').length;
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** A client that reads only when it is told to. */
async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));
const answered = (socket: Socket) => new Promise((resolve) => socket.once('data', resolve));

describe('the limits of connections', () => {
  const clientDir = mkdtempSync(join(tmpdir(), 'fanfare-large-'));
  let database: Database;
  let api: ApiServer;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ database, close } = await startSqliteApi());
    mkdirSync(join(clientDir, 'sdk'));
    // more than the kernel takes for a client that does not read
    writeFileSync(join(clientDir, 'sdk/large.js'), randomBytes(16_000_000));
    writeFileSync(join(clientDir, 'sdk/small.js'), 'export {};');
    api = await startApiServer(database, {
      clientDir,
      rules: { answerDeadline: { ...brief, timeoutMs: 3_000 } },
    });
  });

  afterAll(async () => {
    await api.stop();
    await close();
    rmSync(clientDir, { recursive: true, force: true });
  });

  const statuses = () =>
    Promise.all(
      Array.from({ length: 10 }, async () => {
        const response = await fetch(`${api.http.url}/sdk/small.js`);
        await response.text();
        return response.status;
      }),
    );

  test('2,000 pipelined requests of a client that leaves hold no file descriptor', async () => {
    expect(await statuses()).toEqual(Array(10).fill(200));
    const before = descriptors();
    const socket = await open(api.http.port);
    const ended = closed(socket);
    socket.resume();
    socket.write(get('/sdk/large.js').repeat(2_000));
    // with one file open for each request there would be hundreds by now; the server may also have ended it
    await Promise.race([answered(socket), ended]);
    expect(descriptors()).toBeLessThan(before + 20);
    socket.destroy();
    await ended;
    await until(() => descriptors() <= before, 'the descriptors are free');
    expect(await statuses()).toEqual(Array(10).fill(200));
  });

  test('clients that do not read are cut off, and share one copy of a page', async () => {
    await (await fetch(`${api.http.url}/sdk/large.js`)).arrayBuffer();
    const before = descriptors();
    const memory = () => process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    const memoryBefore = memory();
    const sockets = await Promise.all(Array.from({ length: 100 }, () => open(api.http.port)));
    const ends = sockets.map(closed);
    for (const socket of sockets) {
      socket.write(get('/sdk/large.js').repeat(10));
    }
    let most = 0;
    await until(() => {
      most = Math.max(most, memory() - memoryBefore);
      return descriptors() <= before + 100;
    }, 'the server has ended the connections');
    // 100 copies would be 1,600 MB
    expect(most).toBeLessThan(100_000_000);
    for (const socket of sockets) socket.destroy();
    await Promise.all(ends);
    await until(() => descriptors() <= before, 'the descriptors are free');
    expect(await statuses()).toEqual(Array(10).fill(200));
  });

  test('no more connections than the setting allows', async () => {
    const warn = jest.fn();
    const log = { ...silentLog, warn, child: () => silentLog } as unknown as typeof silentLog;
    const small = await startApiServer(database, { log, rules: { maxConnections: 10 } });
    const sockets = await Promise.all(Array.from({ length: 10 }, () => open(small.http.port)));
    try {
      // the beginning of a request: an idle connection would make room
      const head =
        'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100';
      for (const socket of sockets) socket.write(`${head}\r\n\r\n{`);
      for (let more = 0; more < 3; more += 1) {
        const refused = await open(small.http.port);
        sockets.push(refused);
        const answer = answered(refused).then(() => 'answered');
        const end = closed(refused).then(() => 'refused');
        refused.write(get('/healthz'));
        expect(await Promise.race([answer, end])).toBe('refused');
      }
      expect(warn).toHaveBeenCalledTimes(1);
      sockets[0]?.destroy();
      await until(
        async () => (await fetch(`${small.http.url}/healthz`).catch(() => undefined))?.ok === true,
        'room',
      );
    } finally {
      for (const socket of sockets) socket.destroy();
      await small.stop();
    }
  });
});

describe('a worker', () => {
  const start = async () => {
    const { database, close } = await startSqliteApi();
    const metrics = async () => 'x'.repeat(16_000_000);
    const health = await startHealthServer({
      ...{ host: '127.0.0.1', port: 0, log: silentLog, keepAliveSeconds: 75, isStarted: () => true },
      ...{
        database,
        queue: { connected: true },
        registry: { metrics, contentType: 'text/plain; version=0.0.4; charset=utf-8' },
      },
      answerDeadline: brief,
    });
    const stop = () => health.stop({ graceMs: 0 }).then(close);
    return { port: health.port, stop };
  };

  test('ends a connection whose answer is not read', async () => {
    const { port, stop } = await start();
    const before = descriptors();
    const socket = await open(port);
    socket.write(get('/metrics'));
    await once(socket, 'readable');
    await until(() => descriptors() <= before + 1, 'the end of the connection');
    socket.destroy();
    await stop();
  });

  test('has no more than a hundred connections', async () => {
    const { port, stop } = await start();
    const sockets = await Promise.all(Array.from({ length: 101 }, () => open(port)));
    // the beginning of a request: an idle connection would make room
    for (const socket of sockets) socket.resume().write('GET /healthz HTTP/1.1\r\n');
    await until(() => sockets.some((socket) => socket.closed), 'a refusal');
    expect(sockets.filter((socket) => socket.closed)).toHaveLength(1);
    for (const socket of sockets) socket.destroy();
    await stop();
  });
});

describe('requests that are sent too slowly', () => {
  test('end their connection', async () => {
    const { server, listen, close } = createHttpServer(() => undefined, {
      ...{ keepAliveSeconds: 75, maxConnections: 10, log: silentLog },
    });
    const { headersTimeout, requestTimeout } = server;
    expect({ headersTimeout, requestTimeout }).toEqual({ headersTimeout: 10_000, requestTimeout: 30_000 });
    const { port } = await listen('127.0.0.1', 0);
    Object.assign(server, { headersTimeout: 100, requestTimeout: 200 });
    for (const text of [
      'GET / HTTP/1.1\r\nHost:',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n{',
    ]) {
      const socket = await open(port);
      socket.resume().write(text);
      await until(() => socket.closed, 'its end');
    }
    await close(0);
  });
});

describe('requests of one connection', () => {
  let server: Server;

  async function serve(listener: RequestListener): Promise<number> {
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('are answered one at a time and in order', async () => {
    let running = 0;
    let most = 0;
    const port = await serve(
      oneAtATime(async (request, response) => {
        running += 1;
        most = Math.max(most, running);
        const body = (await request.toArray()).map(String).join('');
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        response.end(`<${request.url} ${body}>`);
      }),
    );
    const socket = await open(port);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    const post = (n: number) =>
      `POST /${n} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nb${String(n).padStart(2, '0')}`;
    const numbers = Array.from({ length: 17 }, (_, n) => n);
    socket.write(numbers.map(post).join(''));
    await until(() => text.includes('b16'), 'all answers');
    expect([...text.matchAll(/<.*?>/g)].map(String)).toEqual(
      numbers.map((n) => `</${n} b${String(n).padStart(2, '0')}>`),
    );
    expect(most).toBe(1);
    // the connection is free again
    socket.write(post(17));
    await until(() => text.includes('b17'), 'the next answer');
    socket.destroy();
  });

  test('that pile up end it', async () => {
    let begun = 0;
    const port = await serve(
      oneAtATime(() => {
        begun += 1;
      }),
    );
    const socket = await open(port);
    socket.resume();
    // one that is answered, and one more than may wait
    socket.write(get('/').repeat(1 + 17));
    await until(() => socket.closed, 'its end');
    expect(begun).toBe(1);
  });

  test('are dropped when its client leaves', async () => {
    let begun = 0;
    const ended: unknown[] = [];
    const port = await serve(
      oneAtATime((_request, response) => {
        begun += 1;
        response.once('close', () => ended.push(begun));
      }),
    );
    const socket = await open(port);
    socket.write(get('/').repeat(10));
    await until(() => begun === 1, 'the first request');
    socket.destroy();
    await until(() => ended.length > 0, 'the end');
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toBe(1);
  });

  const serveLarge = (deadline: AnswerDeadline) =>
    serve((request, response) => {
      endIfUnread(request, response, deadline);
      response.end(Buffer.alloc(16_000_000));
    });

  test('whose answer takes long because it is large are answered in full', async () => {
    const socket = await open(await serveLarge({ timeoutMs: 1, bytesPerSecond: 1_000_000 }));
    socket.resume().write(get('/'));
    await until(() => socket.bytesRead > 16_000_000 || socket.closed, 'the answer');
    expect(socket.bytesRead).toBeGreaterThan(16_000_000);
    socket.destroy();
  });

  test('whose answer is read in drips end it', async () => {
    const port = await serveLarge(brief);
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const socket = await open(port);
    socket.write(get('/'));
    const [serverEnd] = await accepted;
    await until(() => {
      socket.read(1_000);
      return serverEnd.destroyed;
    }, 'its end');
    expect(socket.bytesRead).toBeLessThan(16_000_000);
    socket.destroy();
  });

  test('whose GraphQL answer is not read end it', async () => {
    const string = 'x'.repeat(30_000_000);
    const apollo = {
      executeHTTPGraphQLRequest: async () => ({ headers: new Map(), body: { kind: 'complete', string } }),
    } as unknown as AnswerDeps['apollo'];
    let begun = 0;
    const port = await serve((request, response) => {
      begun += 1;
      const parts = { apollo, headers: {}, timeoutMs: 30_000, answerDeadline: brief, log: silentLog };
      void answerGraphql(
        { ...parts, contextOf: () => Promise.reject(new Error('unused')) },
        request,
        response,
      );
    });
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const socket = await open(port);
    socket.write(
      'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
    );
    const [serverEnd] = await accepted;
    await until(() => serverEnd.destroyed, 'its end');
    expect(begun).toBe(1);
    socket.destroy();
  });
});
