/** Who may hold a WebSocket, how many, and what one may send. */
import { connect as connectTcp, type Socket } from 'node:net';
import WebSocket from 'ws';
import type { HttpRules } from '../../../src/http/startHttpServer';
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import { errorsOf, socketTo } from '../../support/api/graphqlSockets';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';
import { until } from '../../support/until';

describeEachDatabase('WebSockets', (database) => {
  let application: SeededApplication;
  const opened: WebSocket[] = [];
  const started: ApiServer[] = [];

  beforeAll(async () => {
    application = await seedApplication(database());
  });

  afterEach(async () => {
    for (const socket of opened.splice(0)) socket.terminate();
    await Promise.all(started.splice(0).map((server) => server.stop()));
  });

  const start = async (rules: Partial<HttpRules> = {}) => {
    const server = await startApiServer(database(), { rules: { trustedProxies: 1, ...rules } });
    started.push(server);
    return server;
  };

  /** A socket that says nothing by itself; `closed` is the code that it ended with. */
  const open = (server: ApiServer, address = '198.51.100.1') => {
    const url = `${server.http.url.replace('http', 'ws')}/graphql`;
    const headers = { 'x-forwarded-for': address };
    const socket = new WebSocket(url, 'graphql-transport-ws', { headers });
    opened.push(socket);
    const state: { socket: WebSocket; closed: number | undefined; words: string[] } = {
      ...{ socket, closed: undefined, words: [] },
    };
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      state.closed = code;
    });
    socket.on('message', (data) => void state.words.push(JSON.parse(String(data)).type));
    return state;
  };
  const isOpen = (socket: WebSocket) => until(() => socket.readyState === socket.OPEN, 'the socket to open');
  const init = (payload?: object) => JSON.stringify({ type: 'connection_init', payload });
  const connect = async (server: ApiServer, payload?: object, address?: string) => {
    const state = open(server, address);
    await isOpen(state.socket);
    state.socket.send(init(payload));
    await until(() => state.words.length > 0 || state.closed !== undefined, 'an answer');
    return state;
  };
  const asAdmin = () => ({ authorization: `Bearer ${application.admin}` });

  test.each<[string, () => object | undefined, number]>([
    ['nothing', () => undefined, 4401],
    ['an unknown key', () => ({ authorization: `Bearer fs_${'unknown'.repeat(4)}` }), 4401],
    ['a publishable key', () => ({ authorization: `Bearer ${application.publishable}` }), 4403],
    ['no text', () => ({ authorization: { bearer: true }, headers: [7] }), 4401],
  ])('connection_init with %s ends the socket', async (_name, payload, code) => {
    const state = await connect(await start(), payload());
    await until(() => state.closed !== undefined, 'the close');
    expect(state).toMatchObject({ closed: code, words: [] });
  });

  test.each<[string, () => object]>([
    ['authorization', asAdmin],
    ['Authorization', () => ({ Authorization: `Bearer ${application.admin}` })],
    ['headers.authorization', () => ({ headers: asAdmin() })],
    ['headers.Authorization', () => ({ headers: { Authorization: `Bearer ${application.admin}` } })],
  ])('connection_init with a secret key in %s is taken', async (_name, payload) => {
    expect((await connect(await start(), payload())).words).toEqual(['connection_ack']);
  });

  test('a socket that never sends connection_init ends', async () => {
    const state = open(await start());
    await until(() => state.closed !== undefined, 'the end of the wait');
    expect(state.closed).toBe(4408);
  });

  test('sockets that say nothing and half-sent upgrades, however many, keep no operator out', async () => {
    const server = await start();
    const { hostname, port } = new URL(server.http.url);
    const halves = Array.from({ length: 300 }, (): Socket => {
      const socket = connectTcp(Number(port), hostname);
      socket.on('error', () => undefined);
      return socket.once(
        'connect',
        () => void socket.write('GET /graphql HTTP/1.1\r\nUpgrade: websocket\r\nHost: x\r\n'),
      );
    });
    const silent = Array.from({ length: 2_000 }, (_, n) => open(server, `203.0.113.${n % 40}`));
    await until(
      () => silent.filter(({ socket }) => socket.readyState !== socket.CONNECTING).length > 1_500,
      'the flood',
      60_000,
    );
    const operator = await connect(server, asAdmin());
    expect(operator.words).toEqual(['connection_ack']);
    const isTaken = silent.filter(({ socket }) => socket.readyState === socket.OPEN).length;
    expect(isTaken).toBeLessThanOrEqual(200);
    for (const half of halves) half.destroy();
  }, 90_000);

  test('one application has no more than its share', async () => {
    const server = await start({ webSockets: { secret: 8, secretPerApplication: 2, pending: 200 } });
    const other = await seedApplication(database());
    const own = [await connect(server, asAdmin()), await connect(server, asAdmin())];
    expect(own.map(({ words }) => words)).toEqual([['connection_ack'], ['connection_ack']]);
    const third = await connect(server, asAdmin());
    await until(() => third.closed !== undefined, 'the close');
    expect(third).toMatchObject({ closed: 1013, words: [] });
    const theirs = await connect(server, { authorization: `Bearer ${other.admin}` });
    expect(theirs.words).toEqual(['connection_ack']);
    own[0]?.socket.close();
    await until(() => own[0]?.closed !== undefined, 'the place');
    expect((await connect(server, asAdmin())).words).toEqual(['connection_ack']);
  });

  test('all applications together have no more than there may be', async () => {
    const server = await start({ webSockets: { secret: 2, secretPerApplication: 2, pending: 200 } });
    const other = await seedApplication(database());
    await connect(server, asAdmin());
    const theirs = () => connect(server, { authorization: `Bearer ${other.admin}` });
    expect((await theirs()).words).toEqual(['connection_ack']);
    const third = await theirs();
    await until(() => third.closed !== undefined, 'the close');
    expect(third).toMatchObject({ closed: 1013, words: [] });
  });

  test('silent sockets of one network push out none of another', async () => {
    const server = await start({ webSockets: { secret: 8, secretPerApplication: 8, pending: 5 } });
    const honest = open(server, '198.51.100.9');
    await isOpen(honest.socket);
    const silent = Array.from({ length: 20 }, () => open(server, '203.0.113.1'));
    await until(() => silent.filter(({ closed }) => closed !== undefined).length >= 16, 'the flood');
    expect(silent.every(({ socket }) => socket.readyState !== socket.CONNECTING)).toBe(true);
    honest.socket.send(init(asAdmin()));
    await until(() => honest.words.length > 0 || honest.closed !== undefined, 'an answer');
    expect(honest.words).toEqual(['connection_ack']);
  });

  test('a key that cannot be looked up lets nobody in', async () => {
    const server = await start();
    const lookup = jest.spyOn(database().entities, 'findOneBy').mockRejectedValue(new Error('away'));
    const state = await connect(server, asAdmin());
    await until(() => state.closed !== undefined, 'the close').finally(() => lookup.mockRestore());
    expect(state).toMatchObject({ closed: 1013, words: [] });
  });

  test('the sockets of a stopped application end, those of its admins stay, and no other comes', async () => {
    const server = await start();
    const stopped = await seedApplication(database());
    const reader = { authorization: `Bearer ${await stopped.secretKey('notifications:read')}` };
    const [theirs, admin] = [
      await connect(server, reader),
      await connect(server, { authorization: `Bearer ${stopped.admin}` }),
    ];
    expect([theirs.words, admin.words]).toEqual([['connection_ack'], ['connection_ack']]);
    const id = server.ids.encode('application', stopped.id);
    const stop = await server.call(stopped.admin, `mutation { stopApplication(id: "${id}") { id } }`);
    expect(stop.errors).toBeUndefined();
    // keys are looked up every 10 s
    await until(() => theirs.closed !== undefined, 'the end', 20_000);
    const again = await connect(server, reader);
    await until(() => again.closed !== undefined, 'the refusal');
    expect([theirs.closed, again.closed, again.words]).toEqual([4403, 4403, []]);
    expect(admin.closed).toBeUndefined();
  });

  test('the oldest of too many pending sockets makes room', async () => {
    const server = await start({ webSockets: { secret: 8, secretPerApplication: 8, pending: 2 } });
    const known = await connect(server, asAdmin());
    const pending: ReturnType<typeof open>[] = [];
    for (let count = 0; count < 3; count += 1) {
      const state = open(server);
      pending.push(state);
      await isOpen(state.socket);
    }
    await until(() => pending[0]?.closed !== undefined, 'the oldest to end');
    // 1006: cut without a word, long before 4408 for its silence
    expect(pending.map(({ closed }) => closed)).toEqual([1006, undefined, undefined]);
    expect(known.closed).toBeUndefined();
  });

  test('the sockets of a revoked key end, and its client does not come back', async () => {
    const server = await start({ socketRecheckMs: 50 });
    const made = await server.call<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
      application.admin,
      'mutation { createApiKey(input: { name: "x", kind: SECRET, scopes: ["notifications:read"] }) { secret apiKey { id } } }',
    );
    const { secret = '', apiKey } = made.data?.createApiKey ?? {};
    const idle = await connect(server, { authorization: `Bearer ${secret}` });
    const stays = await connect(server, asAdmin());
    let fault: unknown;
    const client = socketTo(server.http.url, secret, {
      lazy: false,
      retryAttempts: 5,
      retryWait: async () => undefined,
      onNonLazyError: (error) => {
        fault = error;
      },
    });
    let connected = 0;
    client.on('connected', () => {
      connected += 1;
    });
    await until(() => connected === 1, 'the client');
    await server.call(application.admin, 'mutation ($id: ID!) { revokeApiKey(id: $id) }', { id: apiKey?.id });
    await until(() => idle.closed !== undefined && fault !== undefined, 'the end');
    expect(idle.closed).toBe(4403);
    expect(errorsOf(fault)).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect([connected, stays.closed]).toEqual([1, undefined]);
    await client.dispose();
  });

  test('the sockets of a stopped application end, but not those of its admins', async () => {
    const server = await start({ socketRecheckMs: 50 });
    const authorization = `Bearer ${await application.secretKey('notifications:read')}`;
    const idle = await connect(server, { authorization });
    const admin = await connect(server, asAdmin());
    const id = server.ids.encode('application', application.id);
    const stop = server.call(application.admin, `mutation { stopApplication(id: "${id}") { id } }`);
    await until(() => idle.closed !== undefined, 'the end');
    const back = await connect(server, { authorization });
    await until(() => back.closed !== undefined, 'the refusal');
    expect([idle.closed, back.closed, admin.closed]).toEqual([4403, 4403, undefined]);
    expect(back.words).toEqual([]);
    await stop;
    await server.call(application.admin, `mutation { resumeApplication(id: "${id}") { id } }`);
  });

  const answerMs = async (server: ApiServer) => {
    let best = Number.POSITIVE_INFINITY;
    for (let time = 0; time < 5; time += 1) {
      const from = performance.now();
      await (await fetch(`${server.http.url}/healthz`)).arrayBuffer();
      best = Math.min(best, performance.now() - from);
    }
    return best;
  };

  test.each<[string, (socket: WebSocket) => void]>([
    ['messages', (socket) => socket.send('{"type":"ping"}')],
    ['ping frames', (socket) => socket.ping()],
    ['pong frames', (socket) => socket.pong()],
  ])('a flood of %s ends the socket, and others are answered', async (_name, send) => {
    const server = await start();
    const calm = await answerMs(server);
    const state = await connect(server, asAdmin());
    const flood = setInterval(() => {
      for (let n = 0; n < 1_000 && state.closed === undefined; n += 1) send(state.socket);
    }, 1);
    try {
      const busy = await answerMs(server);
      await until(() => state.closed !== undefined, 'the end of the flood');
      // 1006: cut before it read the reason among all that it sent
      expect([4429, 1006]).toContain(state.closed);
      expect(busy).toBeLessThan(Math.max(calm, 5) * 40);
    } finally {
      clearInterval(flood);
    }
  });

  test('a flood of empty fragments ends the socket', async () => {
    const state = await connect(await start(), asAdmin());
    const raw = (state.socket as unknown as { _socket: Socket })._socket;
    // text frame without FIN, then continuation frames of no bytes, each masked
    raw.write(Buffer.from([0x01, 0x80, 0, 0, 0, 0]));
    const frames = Buffer.concat(Array.from({ length: 2_000 }, () => Buffer.from([0x00, 0x80, 0, 0, 0, 0])));
    const flood = setInterval(() => {
      for (let n = 0; n < 10; n += 1) raw.write(frames);
    }, 10);
    await until(() => state.closed !== undefined, 'the end', 20_000);
    clearInterval(flood);
    expect(state.closed).not.toBe(1000);
  }, 30_000);

  test('more than 128 kB in a second end the socket, in few messages too', async () => {
    const state = await connect(await start(), asAdmin());
    const message = JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(60_000) } });
    for (let sent = 0; sent < 8; sent += 1) state.socket.send(message);
    await until(() => state.closed !== undefined, 'the close');
    expect(state.closed).toBe(1008);
  });

  test('a message that is too large ends the socket', async () => {
    const state = await connect(await start(), asAdmin());
    state.socket.send('x'.repeat(65 * 1024));
    await until(() => state.closed !== undefined, 'the close');
    expect(state.closed).toBe(1009);
  });
});
