import { createServer as createHttpServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createTcpServer, isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { ConnectGuard } from '../../../src/egress/guardedLookup';
import { parsePushHosts, vendorsOnly } from '../../../src/egress/pushHostPolicy';
import type { PushAnswer } from '../../../src/model/pushAnswer';
import { openPushTransport, type PushTransport } from '../../../src/webPush/transport/pushTransport';
import type { PushTransportOptions } from '../../../src/webPush/transport/pushTransportOptions';
import { forAllNames } from '../../support/servers/dnsServer';
import {
  accept,
  closeAfterwards,
  failureNamed,
  listen,
  openTransport,
  postTo,
  startHttp2,
} from '../../support/servers/pushPeers';
import { startTcpProxy, type TcpProxy } from '../../support/servers/tcpProxy';
import { createTestCertificate } from '../../support/servers/testCertificate';
import { until } from '../../support/until';

/** Connections: why there is none, how long one is kept, and what becomes of it when the network fails. */

const reset = failureNamed('reset');
const timedOut = failureNamed('timeout');
const refused = failureNamed('refused');

afterEach(() => jest.restoreAllMocks());

describe('no connection', () => {
  test('to a port where nobody listens; it is tried again for the next post', async () => {
    const { port, stop } = await listen(createTcpServer());
    await stop();
    const transport = openTransport(port);
    expect(await transport.post(postTo(port))).toEqual(refused);
    expect(await transport.post(postTo(port, { timeoutMs: 500, scheme: 'http' }))).toEqual(refused);
    await startHttp2(accept, {}, port);
    expect(await transport.post(postTo(port))).toMatchObject({ status: 201 });
  });

  test.each([
    ['a certificate nobody vouches for', { extraCa: undefined }, failureNamed('tls')],
    [
      'a host that may not be reached',
      { guard: new ConnectGuard(vendorsOnly) },
      failureNamed('blocked-address'),
    ],
  ])('%s', async (_name, options, failure) => {
    const service = await startHttp2(accept);
    expect(await openTransport(service.port, options).post(postTo(service.port))).toEqual(failure);
    expect(service.requests).toBe(0);
  });

  test('a certificate for another host', async () => {
    const server = createSecureServer({ ...createTestCertificate('other.example') });
    const { port } = await listen(server);
    expect(await openTransport(port).post(postTo(port))).toEqual(failureNamed('tls'));
  });

  test('a name that has a private address, or none', async () => {
    let address: string | undefined = '127.0.0.1';
    const policy = { mode: 'any-public-host', hosts: [], privateHosts: [] } as const;
    const resolvers = forAllNames((_hostname, _options, callback) => {
      callback(null, address === undefined ? [] : [{ address, family: 4 }]);
    });
    const guard = new ConnectGuard(policy, resolvers);
    const transport = openPushTransport({ guard });
    closeAfterwards(() => transport.close(0));
    const message = { ...postTo(443), origin: 'https://rebind.example.org' };
    expect(await transport.post(message)).toEqual(failureNamed('blocked-address'));
    address = undefined;
    expect(await transport.post(message)).toEqual(failureNamed('dns'));
  });

  test('a header that HTTP cannot carry', async () => {
    const server = createHttpServer((_request, response) => response.writeHead(201).end());
    const { port } = await listen(server);
    const transport = openTransport(port);
    const good = postTo(port, { scheme: 'http' });
    const bad = { ...good, authorization: 'a\nb' };
    const answers = await Promise.all([bad, good, bad, good].map((each) => transport.post(each)));
    const protocol = failureNamed('protocol');
    expect(answers).toMatchObject([protocol, { status: 201 }, protocol, { status: 201 }]);
    expect(transport.stats.inFlight).toBe(0);
  });
});

describe('connections', () => {
  test('are opened anew after the push service was restarted', async () => {
    const first = await startHttp2(accept);
    const transport = openTransport(first.port);
    expect(await transport.post(postTo(first.port))).toMatchObject({ status: 201 });
    await first.stop();
    await until(() => transport.stats.connections === 0, 'the connection is given up');
    await startHttp2(accept, {}, first.port);
    expect(await transport.post(postTo(first.port))).toMatchObject({ status: 201 });
  });

  test('are closed when idle', async () => {
    const service = await startHttp2(accept);
    const transport = openTransport(service.port, { idleTimeoutMs: 200 });
    await transport.post(postTo(service.port));
    expect(transport.stats.connections).toBe(1);
    await until(() => transport.stats.connections === 0, 'the connection is given up');
    expect(await transport.post(postTo(service.port))).toMatchObject({ status: 201 });
    expect(service.sessions.length).toBe(2);
  });

  test('to one origin begin apart, however many posts wait', async () => {
    let nowMs = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const service = await startHttp2(() => undefined, { maxConcurrentStreams: 1 });
    const transport = openTransport(service.port);
    const answers = Array.from({ length: 3 }, () =>
      transport.post(postTo(service.port, { timeoutMs: 60_000 })),
    );
    for (const connections of [1, 2, 3]) {
      await until(() => service.requests === connections, 'a post on a connection of its own');
      // once that is found to be late, it has been looked whether the others may connect
      const short = transport.post(postTo(service.port, { timeoutMs: 0 }));
      expect(await short).toEqual(timedOut);
      expect(service.sessions.length).toBe(connections);
      nowMs += 25;
    }
    for (const session of service.sessions) session.destroy();
    for (const answer of await Promise.all(answers)) expect(answer).toEqual(reset);
  });

  describe('resume the TLS session of an earlier one', () => {
    /** A push service that ends its connection after each post, and notes which were resumed. */
    async function forgetful(onConnection?: (socket: TLSSocket) => unknown, port = 0) {
      const resumed: boolean[] = [];
      const service = await startHttp2(
        (stream) => {
          accept(stream);
          stream.session?.close();
        },
        {},
        port,
      );
      service.server.prependListener('secureConnection', (socket: TLSSocket) => {
        resumed.push(socket.isSessionReused());
        onConnection?.(socket);
      });
      return { ...service, resumed };
    }

    async function postAlone(transport: PushTransport, port: number): Promise<PushAnswer> {
      const answer = await transport.post(postTo(port));
      await until(() => transport.stats.connections === 0, 'the connection is given up');
      return answer;
    }

    test('and do without where the push service has forgotten it', async () => {
      const first = await forgetful();
      const transport = openTransport(first.port);
      for (let post = 0; post < 3; post += 1) {
        expect(await postAlone(transport, first.port)).toMatchObject({ status: 201 });
      }
      expect(first.resumed).toEqual([false, true, true]);
      await first.stop();
      const second = await forgetful(undefined, first.port);
      expect(await postAlone(transport, first.port)).toMatchObject({ status: 201 });
      expect(second.resumed).toEqual([false]);
    });

    test('but not where the push service does not bear it', async () => {
      const service = await forgetful((socket) => socket.isSessionReused() && socket.destroy());
      const transport = openTransport(service.port);
      expect(await postAlone(transport, service.port)).toMatchObject({ status: 201 });
      expect(await postAlone(transport, service.port)).toMatchObject({ kind: 'failure' });
      expect(await postAlone(transport, service.port)).toMatchObject({ status: 201 });
      expect(service.resumed).toEqual([false, true, false]);
    });

    test('for an hour, then the certificate is checked again', async () => {
      let nowMs = performance.now();
      jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
      const service = await forgetful();
      const transport = openTransport(service.port, { idleTimeoutMs: 7_200_000 });
      for (const minutes of [0, 30, 29, 1, 59]) {
        nowMs += minutes * 60_000;
        expect(await postAlone(transport, service.port)).toMatchObject({ status: 201 });
      }
      expect(service.resumed).toEqual([false, true, true, false, true]);
    });

    test('also at a name whose first address does not answer', async () => {
      const service = await forgetful();
      const addresses = ['::1', '127.0.0.1'].map((address) => ({ address, family: isIP(address) }));
      const policy = parsePushHosts(`localhost:${service.port}`);
      const guard = new ConnectGuard(
        policy,
        forAllNames((_name, _options, callback) => callback(null, addresses)),
      );
      const transport = openTransport(service.port, { guard });
      for (let post = 0; post < 2; post += 1) {
        expect(await postAlone(transport, service.port)).toMatchObject({ status: 201 });
      }
      expect(service.resumed).toEqual([false, true]);
    });
  });

  describe('behind a proxy', () => {
    let proxy: TcpProxy;

    async function openThroughProxy(options: Partial<PushTransportOptions>) {
      const service = await startHttp2(accept);
      proxy = await startTcpProxy(service.port);
      closeAfterwards(() => proxy.close());
      return { transport: openTransport(proxy.port, options), port: proxy.port };
    }

    test('that are cut end their posts at once', async () => {
      const service = await startHttp2(() => undefined);
      const between = await startTcpProxy(service.port);
      closeAfterwards(() => between.close());
      const out = openTransport(between.port).post(postTo(between.port));
      await until(() => service.requests === 1, 'the request has come');
      between.cut();
      expect(await out).toEqual(reset);
    });

    test('that silently went dead are found out when idle', async () => {
      const { transport, port } = await openThroughProxy({ pingAfterMs: 100, pingTimeoutMs: 200 });
      expect(await transport.post(postTo(port))).toMatchObject({ status: 201 });
      proxy.freeze();
      await until(() => transport.stats.connections === 0, 'the connection is given up');
      proxy.heal();
      expect(await transport.post(postTo(port))).toMatchObject({ status: 201 });
    });

    test('that silently went dead are left after the first post that timed out', async () => {
      const { transport, port } = await openThroughProxy({});
      expect(await transport.post(postTo(port))).toMatchObject({ status: 201 });
      proxy.freeze();
      expect(await transport.post(postTo(port, { timeoutMs: 200 }))).toEqual(timedOut);
      proxy.heal();
      expect(await transport.post(postTo(port, { timeoutMs: 2_000 }))).toMatchObject({ status: 201 });
    });
  });
});
