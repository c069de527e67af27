import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import type { TLSSocket } from 'node:tls';
import { BlockedAddressError, ConnectGuard } from '../../../src/egress/guardedLookup';
import { type PushHostPolicy, parsePushHosts } from '../../../src/egress/pushHostPolicy';
import type { PushAnswer } from '../../../src/model/pushAnswer';
import type { PushPost } from '../../../src/webPush/pushPost';
import { openPushTransport, type PushTransport } from '../../../src/webPush/transport/pushTransport';
import { type DnsServer, startDnsServer } from '../../support/servers/dnsServer';
import { createTestCertificate, type TestCertificate } from '../../support/servers/testCertificate';

const anyHost = parsePushHosts('any-public-host');
const name = 'push.rebind.example';
const blocked: PushAnswer = { kind: 'failure', failure: 'blocked-address' };
const accepted = { kind: 'response', status: 201 };

let dns: DnsServer;
let certificate: TestCertificate;
const cleanups: Array<() => unknown> = [];

beforeAll(async () => {
  certificate = createTestCertificate(name);
  dns = await startDnsServer();
});
afterAll(() => dns.close());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function post(origin: string): PushPost {
  return {
    origin,
    path: '/push/1',
    pushService: 'push.example.org',
    urgency: 'normal',
    authorization: 'vapid t=x, k=y',
    body: Buffer.from('encrypted'),
    ttlEndsAt: Number.MAX_SAFE_INTEGER,
    timeoutMs: 3_000,
    latestSendAt: Number.MAX_SAFE_INTEGER,
  };
}

function open(policy: PushHostPolicy): PushTransport {
  const guard = new ConnectGuard(policy, dns.resolvers);
  const transport = openPushTransport({ guard, extraCa: certificate.cert, connectTimeoutMs: 2_000 });
  cleanups.push(() => transport.close(0));
  return transport;
}

async function listen(server: Server | Http2SecureServer, address: string, port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
  });
  server.listen(port, address);
  await once(server, 'listening');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(done));
  });
  return (server.address() as AddressInfo).port;
}

/** A push service that notes whom its clients asked for (SNI) and where they connected. */
async function startPushService(address: string, port = 0, own = certificate) {
  const seen: { servername: string | false | null; address: string | undefined }[] = [];
  const server = createSecureServer(own);
  server.on('secureConnection', (socket: TLSSocket) =>
    seen.push({ servername: socket.servername, address: socket.localAddress }),
  );
  server.on('sessionError', () => undefined);
  server.on('stream', (stream) => {
    stream.resume();
    stream.respond({ ':status': 201 }, { endStream: true });
  });
  return { seen, port: await listen(server, address, port) };
}

/** A push service that answers one POST on each connection. */
async function startParting(protocol: 'HTTP/2' | 'HTTP/1.1', address: string, port = 0) {
  const seen = { posts: 0, port: 0 };
  if (protocol === 'HTTP/2') {
    const server = createSecureServer(certificate).on('sessionError', () => undefined);
    server.on('stream', (stream) => {
      seen.posts += 1;
      stream.on('error', () => undefined).resume();
      stream.respond({ ':status': 201 }, { endStream: true });
      stream.session?.close();
    });
    seen.port = await listen(server, address, port);
    return seen;
  }
  const server = createHttpsServer(certificate, (request, response) => {
    seen.posts += 1;
    request.resume();
    response.writeHead(201, { connection: 'close' }).end();
  });
  seen.port = await listen(server, address, port);
  return seen;
}

/** Counts connections, whoever makes them. */
async function startTrap(address: string, port = 0) {
  const trap = { connections: 0, port: 0 };
  const server = createTcpServer((socket) => {
    trap.connections += 1;
    socket.destroy();
  });
  trap.port = await listen(server, address, port);
  return trap;
}

describe('a name server that changes its answer between look-ups', () => {
  test('the connection goes to the address that was checked, and asks for the name', async () => {
    const { seen, port } = await startPushService('127.0.0.2');
    const trap = await startTrap('127.0.0.3', port);
    dns.script(name, ['127.0.0.2'], ['127.0.0.3']);
    const before = dns.queries;
    const transport = open(parsePushHosts(`${name}:${port}`));
    expect(await transport.post(post(`https://${name}:${port}`))).toMatchObject(accepted);
    expect(seen).toEqual([{ servername: name, address: '127.0.0.2' }]);
    // one A and one AAAA query: nobody asked again between check and connect
    expect(dns.queries - before).toBe(2);
    expect(trap.connections).toBe(0);
  });

  test.each(['HTTP/2', 'HTTP/1.1'] as const)(
    'the next connection over %s is looked up and checked as the first one was',
    async (protocol) => {
      const first = await startParting(protocol, '127.0.0.2');
      const second = await startParting(protocol, '127.0.0.3', first.port);
      // a connection that turns out to speak HTTP/1.1 has only been tried
      const tried = protocol === 'HTTP/1.1' ? [['127.0.0.2']] : [];
      dns.script(name, ...tried, ['127.0.0.2'], ['127.0.0.3'], []);
      const transport = open(parsePushHosts(`${name}:${first.port}`));
      const send = () => transport.post(post(`https://${name}:${first.port}`));
      expect([await send(), await send()]).toMatchObject([accepted, accepted]);
      expect([first.posts, second.posts]).toEqual([1, 1]);
      expect(await send()).toEqual({ kind: 'failure', failure: 'dns' });
    },
  );

  test('public at first, then loopback: the second connection is refused', async () => {
    dns.script(name, ['8.8.8.8'], ['127.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['8.8.8.8', '::1']);
    const guard = new ConnectGuard(anyHost, dns.resolvers);
    const look = () =>
      new Promise((done) =>
        guard.lookupFor(`https://${name}`)(name, { all: true }, (error, found) => done(error ?? found)),
      );
    expect(await look()).toEqual([{ address: '8.8.8.8', family: 4 }]);
    for (let turn = 0; turn < 3; turn += 1) expect(await look()).toBeInstanceOf(BlockedAddressError);
  });

  test.each([
    ['127.0.0.1'],
    ['169.254.169.254'],
    ['10.1.2.3'],
    ['100.64.1.1'],
    ['0.0.0.0'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
    ['2002:7f00:1::'],
    ['fd00:ec2::254'],
    ['8.8.8.8', '127.0.0.1'],
  ])('nothing is sent to %s', async (...addresses) => {
    dns.script(name, addresses);
    expect(await open(anyHost).post(post(`https://${name}`))).toEqual(blocked);
  });

  test('a name that no longer exists', async () => {
    const answer = await open(anyHost).post(post('https://gone.rebind.example'));
    expect(answer).toEqual({ kind: 'failure', failure: 'dns' });
  });
});

test('the certificate must be for the name, whatever the address', async () => {
  const other = createTestCertificate('other.example');
  const { port } = await startPushService('127.0.0.1', 0, other);
  dns.script(name, ['127.0.0.1']);
  const guard = new ConnectGuard(parsePushHosts(`${name}:${port}`), dns.resolvers);
  const transport = openPushTransport({ guard, extraCa: other.cert });
  cleanups.push(() => transport.close(0));
  expect(await transport.post(post(`https://${name}:${port}`))).toEqual({ kind: 'failure', failure: 'tls' });
});

test('a policy that has become narrower since the subscription is what counts', async () => {
  const { seen, port } = await startPushService('127.0.0.1');
  dns.script(name, ['127.0.0.1']);
  expect(await open(parsePushHosts('')).post(post(`https://${name}:${port}`))).toEqual(blocked);
  expect(seen).toEqual([]);
});

test.each([301, 302, 303, 307, 308])(
  'a redirect with %s is an answer, and nobody goes there',
  async (status) => {
    const trap = await startTrap('127.0.0.1');
    const server = createHttpsServer(certificate, (request, response) => {
      request.resume();
      response.writeHead(status, { location: `http://127.0.0.1:${trap.port}/latest/meta-data` }).end();
    });
    const port = await listen(server, '127.0.0.1');
    dns.script(name, ['127.0.0.1']);
    const answer = await open(parsePushHosts(`${name}:${port}`)).post(post(`https://${name}:${port}`));
    expect(answer).toMatchObject({ kind: 'response', status });
    // whoever had gone there would have come before us
    await once(connect(trap.port, '127.0.0.1').resume(), 'close');
    expect(trap.connections).toBe(1);
  },
);

test('proxies that the environment names are not asked', async () => {
  const { seen, port } = await startPushService('127.0.0.1');
  const trap = await startTrap('127.0.0.1');
  dns.script(name, ['127.0.0.1']);
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'NODE_USE_ENV_PROXY'];
  const before = names.map((variable) => [variable, process.env[variable]] as const);
  for (const variable of names) process.env[variable] = `http://127.0.0.1:${trap.port}`;
  try {
    const transport = open(parsePushHosts(`${name}:${port}`));
    expect(await transport.post(post(`https://${name}:${port}`))).toMatchObject(accepted);
  } finally {
    for (const [variable, value] of before) {
      if (value === undefined) delete process.env[variable];
      else process.env[variable] = value;
    }
  }
  expect(seen).toHaveLength(1);
  expect(trap.connections).toBe(0);
});

describe('an answer without end', () => {
  test('headers over HTTP/1.1', async () => {
    const server = createHttpsServer(certificate, (request, response) => {
      request.resume();
      response.writeHead(201, { 'x-flood': 'a'.repeat(1_000_000) }).end();
    });
    const port = await listen(server, '127.0.0.1');
    dns.script(name, ['127.0.0.1']);
    const answer = await open(parsePushHosts(`${name}:${port}`)).post(post(`https://${name}:${port}`));
    expect(answer).toEqual({ kind: 'failure', failure: 'protocol' });
  });

  test('headers over HTTP/2', async () => {
    const server = createSecureServer({ ...certificate, maxSendHeaderBlockLength: 10_000_000 });
    server.on('sessionError', () => undefined);
    server.on('stream', (stream) => {
      stream.on('error', () => undefined).resume();
      stream.respond({ ':status': 201, 'x-flood': 'a'.repeat(1_000_000) }, { endStream: true });
    });
    const port = await listen(server, '127.0.0.1');
    dns.script(name, ['127.0.0.1']);
    const answer = await open(parsePushHosts(`${name}:${port}`)).post(post(`https://${name}:${port}`));
    expect(answer.kind).toBe('failure');
  });

  test('a body that drips: the time for the whole answer is bounded', async () => {
    const server = createHttpsServer(certificate, (request, response) => {
      request.resume();
      response.writeHead(201);
      const drip = setInterval(() => response.write('a'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const port = await listen(server, '127.0.0.1');
    dns.script(name, ['127.0.0.1']);
    const slow = { ...post(`https://${name}:${port}`), timeoutMs: 300 };
    const answer = await open(parsePushHosts(`${name}:${port}`)).post(slow);
    expect(answer).toMatchObject({ kind: 'response', status: 201 });
    expect(answer.kind === 'response' && answer.body.length).toBeLessThan(4_096);
  });
});
