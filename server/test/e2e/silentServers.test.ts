/** Database and broker stop answering and close no connection: every process still answers those that watch over it. */
import type { Database } from '../../src/database/openDatabase';
import { describeInstallation } from '../support/engines/describeEachEngine';
import { mysqlServer } from '../support/engines/freshDatabase';
import type { Installation } from '../support/engines/installation';
import type { FanfareProcess } from '../support/process/fanfareProcess';
import { brokerPort, createVhost, type Vhost } from '../support/servers/rabbitBroker';
import { startTcpProxy, type TcpProxy } from '../support/servers/tcpProxy';
import { until } from '../support/until';

const scenarioTimeoutMs = 120_000;
/** Prometheus gives up after 10 seconds, and a read of the broker after 5. */
const allowedMs = 4_000;

let toDatabase: TcpProxy;
let toBroker: TcpProxy;
let vhost: Vhost | undefined;

afterAll(async () => {
  await toDatabase?.close();
  await toBroker?.close();
  await vhost?.remove();
});

async function startNetwork() {
  const url = new URL(mysqlServer);
  toDatabase = await startTcpProxy(Number(url.port || 3306));
  url.port = String(toDatabase.port);
  toBroker = await startTcpProxy(brokerPort);
  vhost = await createVhost();
  const amqpUrl = vhost.url(toBroker.port);
  return { engine: 'distributed', mysqlServer: url.href.replace(/\/$/, ''), amqpUrl } as const;
}

describeInstallation('servers that fall silent', ['mysql', 'rabbitmq'], startNetwork, (scenario) => {
  scenario(
    'leave /metrics quick, and make /readyz name the broker',
    async ({ installation }) => {
      const usualMs = await slowestScrape(installation);
      toBroker.freeze();
      expect(await slowestScrape(installation)).toBeLessThan(usualMs + allowedMs);
      for (const worker of installation.workers) {
        await until(
          async () => (await readiness(worker)) === '503 database ok, queue unavailable',
          'no queue',
          60_000,
        );
      }
      await until(
        async () => (await readiness(installation.api)) === '200 database ok, queue unavailable',
        'no queue',
      );
      expect(await slowestScrape(installation)).toBeLessThan(usualMs + allowedMs);
      toBroker.heal();
      await allReady(installation);
    },
    scenarioTimeoutMs,
  );

  scenario(
    'leave /metrics quick, and make /readyz name the database',
    async ({ installation, database }) => {
      const usualMs = await slowestScrape(installation);
      toDatabase.freeze();
      expect(await slowestScrape(installation)).toBeLessThan(usualMs + allowedMs);
      for (const process of installation.processes) {
        expect(await readiness(process)).toBe('503 database unavailable, queue ok');
      }
      toDatabase.heal();
      await allReady(installation);
      await whenConnectedAgain(database);
    },
    scenarioTimeoutMs,
  );

  scenario(
    'keep no process from ending in order',
    async ({ installation, database }) => {
      toDatabase.freeze();
      toBroker.freeze();
      const statuses = await installation.terminateAll();
      toDatabase.heal();
      toBroker.heal();
      await whenConnectedAgain(database);
      expect(statuses).toEqual([0, 0, 0]);
    },
    scenarioTimeoutMs,
  );
});

/** Milliseconds until the last of all processes has answered with what it knows by itself. */
async function slowestScrape({ processes }: Installation): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(
    processes.map(async ({ url }) => {
      const answer = await fetch(`${url}/metrics`);
      expect(await answer.text()).toMatch(/^process_cpu_seconds_total \d/m);
    }),
  );
  return performance.now() - startedAt;
}

async function readiness({ url }: FanfareProcess): Promise<string> {
  const answer = await fetch(`${url}/readyz`);
  const { checks } = (await answer.json()) as { checks: { database: string; queue: string } };
  return `${answer.status} database ${checks.database}, queue ${checks.queue}`;
}

async function allReady({ processes }: Installation): Promise<void> {
  for (const process of processes) {
    await until(
      async () => (await readiness(process)) === '200 database ok, queue ok',
      'ready again',
      60_000,
    );
  }
}

/** The connections that a pool had before stay silent, so that it needs new ones. */
async function whenConnectedAgain(database: Database): Promise<void> {
  const useAll = () => Promise.all(Array.from({ length: 32 }, () => database.sql.rows('SELECT 1')));
  await until(() => useAll().catch(() => undefined), 'a pool of new connections', 60_000);
}
