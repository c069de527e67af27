/** Connections are closed, to stop or to make room, only when nothing is under way on them. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createHttpServer, type DrainableServer } from '../../../src/http/httpServer';
import { silentLog } from '../../../src/observe/log';
import { until } from '../../support/until';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
/** More than the kernel takes for a client that does not read. */
const large = `${'x'.repeat(16_000_000)}done`;

describe('connections', () => {
  let http: DrainableServer;
  let port: number;
  let held: number;
  let release: () => void;
  const serverEnds: Socket[] = [];
  const clients: Socket[] = [];

  beforeEach(async () => {
    held = 0;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    http = createHttpServer(
      async ({ url }, response) => {
        if (url === '/held') {
          held += 1;
          await released;
        }
        response.end(url === '/large' ? large : 'done');
      },
      { keepAliveSeconds: 75, maxConnections: 4, log: silentLog },
    );
    http.server.on('connection', (socket: Socket) => serverEnds.push(socket));
    ({ port } = await http.listen('127.0.0.1', 0));
  });

  afterEach(async () => {
    jest.useRealTimers();
    for (const client of clients.splice(0)) client.destroy();
    serverEnds.splice(0);
    if (http.server.listening) await http.close(0);
  });

  const open = async () => {
    const client = connect(port, '127.0.0.1').on('error', () => undefined);
    clients.push(client);
    await once(client, 'connect');
    return client;
  };

  const bytesFrom = async (client: Socket) =>
    (await until(
      () => serverEnds.find(({ remotePort }) => remotePort === client.localPort),
      'the connection',
    )) as Socket;

  const states: [string, number, (client: Socket) => Promise<void>][] = [
    [
      'its answer is on its way',
      1,
      async (client) => {
        client.write(get('/large'));
        await once(client, 'readable');
      },
    ],
    [
      'its request is not answered yet',
      1,
      async (client) => {
        client.write(get('/held'));
        await until(() => held === 1, 'the request');
      },
    ],
    [
      'another request of it waited',
      2,
      async (client) => {
        client.write(get('/small') + get('/held'));
        await until(() => held === 1, 'the second request');
      },
    ],
    [
      'its next request has begun',
      2,
      async (client) => {
        client.write(get('/small'));
        await once(client, 'readable');
        const end = await bytesFrom(client);
        const before = end.bytesRead;
        client.write('GET /small HTTP/1.1\r\n');
        await until(() => end.bytesRead > before, 'its first bytes');
      },
    ],
  ];
  const ways: [string, () => unknown][] = [
    ['to stop', () => void http.close(30_000)],
    ['to make room', () => open()],
  ];

  test.each(
    states.flatMap(([state, answers, begin]) =>
      ways.map(([way, close]) => [way, state, answers, begin, close] as const),
    ),
  )('are closed %s, but not while %s', async (way, state, answers, begin, close) => {
    const [idle, busy] = [await open(), await open()];
    idle.resume().write(get('/small'));
    await until(() => idle.bytesRead > 0, 'an answer');
    await begin(busy);
    await close();
    await until(() => idle.closed, 'the end of the idle connection');
    let text = '';
    busy.on('data', (chunk) => {
      text += chunk;
    });
    release();
    if (state === 'its next request has begun') busy.write('Host: a\r\n\r\n');
    const isAnswered = () => text.split('HTTP/1.1 200').length > answers && text.endsWith('done');
    await until(() => isAnswered() || busy.closed, 'the answers');
    expect(isAnswered()).toBe(true);
    if (way === 'to stop') await until(() => busy.closed, 'the end of a connection that became idle');
  });

  test('that became idle when there was no room make some for those that are refused', async () => {
    jest.useFakeTimers({ doNotFake: ['performance', 'nextTick', 'setImmediate', 'queueMicrotask'] });
    const busy = await Promise.all(Array.from({ length: 4 }, open));
    for (const client of busy) client.resume().write(get('/held'));
    await until(() => held === 4, 'the requests');
    // nothing has become idle when the fourth has had its turn
    jest.runOnlyPendingTimers();
    release();
    await until(() => busy.every(({ bytesRead }) => bytesRead > 0), 'the answers');
    await until(async () => {
      const client = (await open()).resume();
      client.write(get('/small'));
      await until(() => client.bytesRead > 0 || client.closed, 'an answer or a refusal');
      jest.runOnlyPendingTimers();
      return client.bytesRead > 0;
    }, 'room');
  });

  test('whose request is never answered are cut when the server ends', async () => {
    const client = await open();
    client.resume().write(get('/held'));
    await until(() => held === 1, 'the request');
    await http.close(100);
    await until(() => client.closed, 'the end');
  });
});
