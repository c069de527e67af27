/** `amqps:` with an authority of one's own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { openAmqpQueue } from '../../../src/queue/amqp/amqpQueue';
import { describeWith } from '../../support/engines/available';
import { createVhost, type Vhost } from '../../support/servers/rabbitBroker';
import { createTestCertificate, type TestCertificate } from '../../support/servers/testCertificate';
import { until } from '../../support/until';

describeWith('rabbitmq', 'TLS to the broker', () => {
  let vhost: Vhost;
  let folder: string;
  let served: TestCertificate;
  let server: Server;
  let refusals = 0;

  beforeAll(async () => {
    vhost = await createVhost();
    folder = mkdtempSync(join(tmpdir(), 'fanfare-amqp-tls-'));
    served = createTestCertificate('localhost');
    const broker = new URL(vhost.url());
    server = createServer({ key: served.key, cert: served.cert }, (socket) => {
      const onward = connect(Number(broker.port || 5672), broker.hostname);
      socket.pipe(onward).pipe(socket);
      for (const each of [socket, onward]) each.on('error', () => undefined);
    });
    server.on('tlsClientError', () => {
      refusals += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    server.close();
    await vhost.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (ca: Buffer) => {
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, ca);
    const url = new URL(vhost.url());
    const { port } = server.address() as AddressInfo;
    const secure = `amqps://${url.username}:${url.password}@localhost:${port}${url.pathname}`;
    return openAmqpQueue({ url: secure, caFile });
  };

  test('the queue connects to a broker that this authority vouches for', async () => {
    const queue = await open(served.cert);
    await until(() => queue.connected, 'the queue to be connected');
    await queue.close();
  });

  test.each([
    ['that it does not vouch for', 'localhost', () => createTestCertificate('localhost').cert],
    ['with the certificate of another name', 'elsewhere.example', () => served.cert],
  ])('and to none %s', async (_what, host, authority) => {
    served = createTestCertificate(host);
    server.setSecureContext({ key: served.key, cert: served.cert });
    const before = refusals;
    const queue = await open(authority());
    await until(() => refusals > before + 1, 'two refused handshakes');
    expect(queue.connected).toBe(false);
    await queue.close();
  });
});
