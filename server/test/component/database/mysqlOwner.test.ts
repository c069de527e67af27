/** With the queue embedded, one process and no other works on a MySQL database. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { ConfigError, readConfig } from '../../../src/config';
import { claimMysqlDatabase, type DatabaseClaim } from '../../../src/database/mysql/claimMysqlDatabase';
import { silentLog } from '../../../src/observe/log';
import { type Fanfare, startFanfare } from '../../../src/processes/startFanfare';
import { describeWith } from '../../support/engines/available';
import { type FreshDatabase, freshMysql } from '../../support/engines/freshDatabase';
import { startTcpProxy, type TcpProxy } from '../../support/servers/tcpProxy';
import { until } from '../../support/until';

const quick = { checkEveryMs: 50, timeoutMs: 1_500, retryMs: 20, silenceSeconds: 30 };

describeWith('mysql', 'a claim on a MySQL database', () => {
  let fresh: FreshDatabase;
  let network: TcpProxy;
  let throughNetwork: string;
  const claims: DatabaseClaim[] = [];

  beforeEach(async () => {
    fresh = await freshMysql();
    network = await startTcpProxy(Number(new URL(fresh.url).port || 3306));
    const url = new URL(fresh.url);
    url.port = String(network.port);
    throughNetwork = url.href;
  });

  afterEach(async () => {
    await Promise.all(claims.splice(0).map((claim) => claim.release()));
    await network.close();
    await fresh.drop();
  });

  const claim = async (url = fresh.url) => {
    const made = await claimMysqlDatabase({ kind: 'mysql', url }, quick);
    if (made) claims.push(made);
    return made;
  };
  /** The id of the connection that holds the lock; 0 when none does. */
  const holder = async () => {
    const connection = await createConnection(fresh.url);
    const [rows] = await connection.query<RowDataPacket[]>(
      "SELECT IS_USED_LOCK(CONCAT('fanfare.owner.', LEFT(SHA2(DATABASE(), 256), 40))) AS id",
    );
    await connection.end();
    return Number(rows[0]?.id ?? 0);
  };
  const other = (id: number, known: number[]) => (known.includes(id) ? undefined : id);
  const isLost = async (made: DatabaseClaim | undefined) =>
    Promise.race([made?.lost.then(() => true), new Promise((resolve) => setImmediate(() => resolve(false)))]);

  test('is one process’s at a time, and each database has its own', async () => {
    const first = await claim();
    expect(first).toBeDefined();
    expect(await claim()).toBeUndefined();
    const other = await freshMysql();
    const beside = await claimMysqlDatabase({ kind: 'mysql', url: other.url }, quick);
    await beside?.release();
    await other.drop();
    expect(beside).toBeDefined();
    await first?.release();
    await until(claim, 'the claim to be free again');
  });

  test('is taken back when its connection breaks, or falls silent', async () => {
    const first = await claim(throughNetwork);
    const before = await holder();
    network.cut();
    const second = await until(async () => other(await holder(), [before]), 'the claim on a new connection');
    network.freeze();
    network.accepted = 0;
    await until(() => network.accepted > 0, 'the silence to be noticed');
    network.heal();
    // the server believes in the silent connection still, and would for half a minute
    await until(async () => other(await holder(), [before, second]), 'the claim on a third connection');
    expect(await isLost(first)).toBe(false);
  });

  test('is taken back when it was granted anew and the answer got lost', async () => {
    const first = await claim(throughNetwork);
    const before = await holder();
    network.loseAnswerTo = 'GET_LOCK';
    network.cut();
    const unheard = await until(async () => other(await holder(), [before]), 'the claim on a new connection');
    await until(async () => other(await holder(), [before, unheard]), 'the claim on a third connection');
    expect(await isLost(first)).toBe(false);
  });

  test('is lost when another process was faster', async () => {
    const first = await claim(throughNetwork);
    network.refuse();
    await until(claim, 'the claim to be free');
    expect(await isLost(first)).toBe(false);
    network.heal();
    await first?.lost;
  });
});

describeWith('mysql', 'processes with an embedded queue on one MySQL database', () => {
  test('a second one is refused before it touches any work, and may follow the first', async () => {
    const fresh = await freshMysql();
    const folder = mkdtempSync(join(tmpdir(), 'fanfare-'));
    const start = (settings: Record<string, string> = {}) =>
      startFanfare({
        config: readConfig({
          FANFARE_ENCRYPTION_THREADS: '0',
          ...{ FANFARE_PORT: '0', FANFARE_DATA_DIR: folder, FANFARE_DATABASE_URL: fresh.url },
          FANFARE_SECRET: randomBytes(32).toString('hex'),
          ...settings,
        }),
        role: 'all',
        log: silentLog,
        claimTimeoutMs: 0,
      });
    const secret = { FANFARE_SECRET: randomBytes(32).toString('hex') };
    const first = await start(secret);
    const beside = await start(secret).catch((error: unknown) => error);
    if (beside instanceof Object && 'stop' in beside) await (beside as Fanfare).stop();
    expect(beside).toBeInstanceOf(ConfigError);
    expect(String(beside)).toContain('FANFARE_AMQP_URL: another Fanfare process works on this database');
    await first.stop();
    // one that is refused for another reason holds nothing
    await until(async () => {
      const refused = await start().catch((error: unknown) => String(error));
      return typeof refused === 'string' && refused.includes('FANFARE_SECRET');
    }, 'the refusal of a foreign secret');
    const second = await until(() => start(secret).catch(() => undefined), 'the second process to start');
    await second.stop();
    await fresh.drop();
    rmSync(folder, { recursive: true, force: true });
  });
});
