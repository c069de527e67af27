/** Connections to the HTTP server: how long they are kept, and how they end when it stops. */
import { connect } from 'node:net';
import type { Database } from '../../../src/database/openDatabase';
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import { upgradeTo } from '../../support/api/rawStatus';
import type { SeededApplication } from '../../support/api/seedApplication';
import { startSqliteApi } from '../../support/api/sqliteApi';
import { until } from '../../support/until';

const postJson = { method: 'POST', headers: { 'content-type': 'application/json' } };

describe('connections to the HTTP server', () => {
  let database: Database;
  let api: ApiServer;
  let application: SeededApplication;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ database, api, application, close } = await startSqliteApi());
  });

  afterAll(() => close());

  test('stopping answers what is under way and takes nothing new', async () => {
    const stopping = await startApiServer(database);
    const held = holdRows(database);
    const pending = stopping.call(application.admin, '{ notifications { edges { cursor } } }');
    await held.begun;
    const stopped = stopping.http.stop();
    await expect(fetch(`${stopping.http.url}/healthz`)).rejects.toThrow();
    held.release();
    expect((await pending).errors).toBeUndefined();
    await stopped;
  });

  test('stopping says so first, and every connection is asked to end before it does', async () => {
    const stopping = await startApiServer(database);
    const { port, url } = stopping.http;
    const idle = await keptConnection(port);
    let drained = () => {};
    const stopped = stopping.http.stop({
      drained: new Promise<void>((resolve) => {
        drained = resolve;
      }),
    });
    const readiness = await fetch(`${url}/readyz`);
    expect([readiness.status, readiness.headers.get('connection')]).toEqual([503, 'close']);
    const answer = await fetch(`${url}/graphql`, { ...postJson, body: '{"query":"{ __typename }"}' });
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    const socket = connect(port, '127.0.0.1');
    const protocol = 'Sec-WebSocket-Protocol: graphql-transport-ws';
    socket.write(upgradeTo('/graphql').replace(/\r\n\r\n$/, `\r\n${protocol}\r\n\r\n`));
    await until(() => socket.bytesRead > 0, 'a WebSocket');
    // one that was idle is answered and closed, not cut
    expect(await idle.ask()).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Connection: close\r\n/);
    await until(() => idle.isClosed(), 'the end of the connection');
    expect(socket.closed).toBe(false);
    const bytes: Buffer[] = [];
    socket.on('data', (chunk) => bytes.push(chunk)).on('error', () => undefined);
    drained();
    // 1001
    await until(() => Buffer.concat(bytes).includes(Buffer.from([0x03, 0xe9])), 'the end of the WebSocket');
    socket.destroy();
    await stopped;
  });

  test('an answer under way when the stop begins asks for the end of its connection, too', async () => {
    const stopping = await startApiServer(database);
    const held = holdRows(database);
    const pending = stopping.call(application.admin, '{ notifications { edges { cursor } } }');
    await held.begun;
    const stopped = stopping.http.stop();
    held.release();
    expect((await pending).headers.get('connection')).toBe('close');
    await stopped;
  });

  test('an idle connection is kept for longer than a proxy keeps it, and its next request is given its time', async () => {
    expect((await keptConnection(api.http.port)).head).toContain('Keep-Alive: timeout=75\r\n');
    const brief = await startApiServer(database, { rules: { keepAliveSeconds: 2 } });
    const kept = await keptConnection(brief.http.port);
    expect(kept.head).toContain('Keep-Alive: timeout=2\r\n');
    await until(() => kept.isClosed(), 'the end of an idle connection', 10_000);
    await brief.stop();
  });

  test('idle connections make room before further ones are refused', async () => {
    const small = await startApiServer(database, { rules: { maxConnections: 8 } });
    const kept: Awaited<ReturnType<typeof keptConnection>>[] = [];
    for (let each = 0; each < 20; each += 1) {
      kept.push(await keptConnection(small.http.port));
      await until(() => kept.filter((each) => !each.isClosed()).length < 8, 'room');
    }
    expect((await fetch(`${small.http.url}/healthz`)).status).toBe(200);
    await small.stop();
  });

  test.each([
    ['was refused its WebSocket', '/elsewhere', /^HTTP\/1\.1 404 /],
    ['has a WebSocket and never closes it', '/graphql', /^HTTP\/1\.1 101 /],
  ])('stopping does not wait for a peer that %s', async (_what, path, expected) => {
    const stopping = await startApiServer(database);
    const peer = connect({ port: stopping.http.port, host: '127.0.0.1', allowHalfOpen: true });
    peer.on('error', () => undefined);
    peer.write(upgradeTo(path));
    let text = '';
    peer.on('data', (chunk) => {
      text += chunk;
    });
    await until(() => text.includes('\r\n\r\n'), 'the answer');
    expect(text).toMatch(expected);
    let isStopped = false;
    const stopped = stopping.http.stop({ graceMs: 100 }).then(() => {
      isStopped = true;
    });
    await until(() => isStopped, 'the stop').finally(() => peer.destroy());
    await stopped;
  });
});

/** Queries wait until they are released. */
function holdRows(database: Database) {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const { rows } = database.sql;
  const spy = jest.spyOn(database.sql, 'rows').mockImplementation(async (...args) => {
    begin();
    await held;
    return rows.apply(database.sql, args) as never;
  });
  return {
    begun,
    release: () => {
      spy.mockRestore();
      release();
    },
  };
}

/** A connection of HTTP/1.1 that has had an answer. */
async function keptConnection(port: number) {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  const ask = async () => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk;
    };
    socket.on('data', read);
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until(() => text.includes('"ok"}') || socket.closed, 'an answer');
    socket.off('data', read);
    return text;
  };
  const head = await ask();
  socket.resume();
  return { head, ask, isClosed: () => socket.closed };
}
