/** `fanfare doctor` with one thing planted at a time: what a start or a delivery would stumble over is told, with the remedy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { examine as examineAll } from '../../../src/commands/doctor/doctor';
import { readConfig } from '../../../src/config';
import { openDatabase } from '../../../src/database/openDatabase';
import { silentLog } from '../../../src/observe/log';
import { startFanfare } from '../../../src/processes/startFanfare';
import { describeWith } from '../../support/engines/available';
import { freshDatabase, mysqlServer } from '../../support/engines/freshDatabase';
import { freePort } from '../../support/servers/freePort';
import { createVhost } from '../../support/servers/rabbitBroker';
import { createTestCertificate } from '../../support/servers/testCertificate';

type Env = Record<string, string | undefined>;

const secret = 's'.repeat(32);
/** Without the vendors' hosts, which tests leave alone. */
const examine = (env: Env) => examineAll(env, []);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-doctor-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const saying = (verdict: string, text: RegExp) =>
  expect.arrayContaining([{ verdict, text: expect.stringMatching(text) }]);

async function faultsOf(env: Env): Promise<string[]> {
  return (await examine(env)).filter(({ verdict }) => verdict === 'fault').map(({ text }) => text);
}

describe('doctor on SQLite', () => {
  let env: Env;

  beforeAll(async () => {
    env = { FANFARE_DATA_DIR: join(folder, 'data'), FANFARE_PORT: '0', FANFARE_ENCRYPTION_THREADS: '0' };
    const fanfare = await startFanfare({ config: readConfig(env), role: 'all', log: silentLog });
    await fanfare.stop();
  });

  test('finds no fault in what has started', async () => {
    expect(await faultsOf(env)).toEqual([]);
    expect(await examine(env)).toEqual(saying('ok', /secret opens/));
  });

  test('makes no database, and says that there is none yet', async () => {
    const findings = await examine({ FANFARE_DATA_DIR: join(folder, 'nothing') });
    expect(findings).toEqual(saying('note', /no database yet/));
  });

  test('names a variable that is not a setting', async () => {
    expect(await examine({ ...env, FANFARE_PUBLIC_ULR: 'x' })).toEqual(
      saying('note', /^FANFARE_PUBLIC_ULR: not a setting/),
    );
  });

  test('says that another secret does not open the database, or that there is none', async () => {
    expect(await faultsOf({ ...env, FANFARE_SECRET: secret })).toEqual([
      expect.stringMatching(/^FANFARE_SECRET: does not open/),
    ]);
    const database = `sqlite:${join(folder, 'data', 'fanfare.db')}`;
    expect(
      await faultsOf({ ...env, FANFARE_DATABASE_URL: database, FANFARE_DATA_DIR: join(folder, 'nothing') }),
    ).toEqual([expect.stringMatching(/^FANFARE_SECRET: not set, and there is no file/)]);
  });

  test('reads every certificate of the CA file', async () => {
    const file = join(folder, 'ca.pem');
    writeFileSync(file, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    expect(await faultsOf({ ...env, FANFARE_PUSH_CA_FILE: file })).toEqual(
      expect.arrayContaining([expect.stringMatching(/^FANFARE_PUSH_CA_FILE: .* a valid PEM certificate/)]),
    );
  });

  test('says what is valid but probably not intended', async () => {
    const production = { ...env, NODE_ENV: 'production', FANFARE_SECRET: secret };
    const subject = 'mailto:push@nowhere.invalid.example';
    const findings = await examine({
      ...production,
      FANFARE_VAPID_SUBJECT: subject,
      FANFARE_PUBLIC_URL: 'http://push.example.org',
      HTTPS_PROXY: 'http://proxy:3128',
    });
    expect(findings).toEqual(saying('note', /^FANFARE_PUBLIC_URL: .* plain http/));
    expect(findings).toEqual(saying('note', /^FANFARE_VAPID_SUBJECT: .* not in DNS/));
    expect(findings).toEqual(saying('note', /^HTTPS_PROXY is set/));
    const local = { ...production, FANFARE_VAPID_SUBJECT: subject, FANFARE_PUBLIC_URL: 'http://localhost' };
    expect(await examine(local)).toEqual(saying('note', /their own machine: set FANFARE_PUBLIC_URL/));
  });

  test('connects to the push services', async () => {
    const port = await freePort();
    expect(
      await examine({ ...env, FANFARE_PUSH_HOSTS: `localhost:${port},nowhere.invalid.example` }),
    ).toEqual(
      expect.arrayContaining([
        { verdict: 'note', text: expect.stringMatching(`localhost:${port} cannot be reached: it refuses`) },
        { verdict: 'note', text: expect.stringMatching(/nowhere\.invalid\.example cannot be reached/) },
      ]),
    );
  });

  test('sees a notification from the future', async () => {
    const database = await openDatabase(readConfig(env).database);
    const columns = `(applicationId, apiKeyId, status, lane, audience, content, receiptUrl, ttlSeconds, urgency, inputHash,
      createdAt, deadlineAt, expandCursor)`;
    await database.write((sql) =>
      sql.run(
        `INSERT INTO notification ${columns} VALUES (1, 1, 'COMPLETED', 'bulk', '{}', '{}', '', 1, 'NORMAL', 'x', ?, 0, 0)`,
        [Date.now() + 2 * 3_600_000],
      ),
    );
    await database.close();
    expect(await faultsOf(env)).toEqual([expect.stringMatching(/2\.0 h in the future/)]);
  });
});

describeWith('mysql', 'doctor on MySQL', () => {
  let env: Env;
  let url: string;
  let drop: () => Promise<void>;
  const user = `doctor_${process.pid}`;
  const query = async (statement: string) => {
    const connection = await createConnection(mysqlServer);
    await connection.query(statement).finally(() => connection.end());
  };

  beforeAll(async () => {
    ({ url, drop } = await freshDatabase('mysql'));
    env = { FANFARE_DATABASE_URL: url, FANFARE_SECRET: secret, FANFARE_DATA_DIR: folder };
  });

  afterAll(async () => {
    await query(`DROP USER IF EXISTS '${user}'@'%'`);
    await drop();
  });

  const as = (name: string, password = '') => {
    const other = new URL(url);
    other.username = name;
    other.password = password;
    return { ...env, FANFARE_DATABASE_URL: other.href };
  };
  const grant = async (rights: string) => {
    const name = new URL(url).pathname.slice(1);
    await query(`DROP USER IF EXISTS '${user}'@'%'`);
    await query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'pw'`);
    await query(`GRANT ${rights} ON \`${name}\`.* TO '${user}'@'%'`);
  };

  test('reads the certificates for the database', async () => {
    const { cert } = createTestCertificate('localhost');
    const file = join(folder, 'database-ca.pem');
    writeFileSync(file, cert);
    const named = new URL(url);
    named.hostname = 'localhost';
    expect(
      await examine({ ...env, FANFARE_DATABASE_URL: named.href, FANFARE_DATABASE_CA_FILE: file }),
    ).toEqual(saying('ok', /^FANFARE_DATABASE_CA_FILE: 1 certificate/));
  });

  test('says that migrations must be run, and whether this user could', async () => {
    expect(await examine(env)).toEqual(saying('note', /migration\(s\) must be run/));
    expect(await examine(env)).toEqual(saying('ok', /may change the schema/));
    await grant('SELECT, INSERT, UPDATE, DELETE');
    expect(await faultsOf(as(user, 'pw'))).toEqual([
      expect.stringMatching(/cannot change the schema .*CREATE, ALTER/),
    ]);
  });

  test.each<[string, (good: URL) => void, RegExp]>([
    [
      'a wrong password',
      (each) => Object.assign(each, { username: 'nobody', password: 'x' }),
      /refuses this user/,
    ],
    ['no such database', (each) => Object.assign(each, { pathname: '/nowhere' }), /no database of this name/],
    ['a closed port', (each) => Object.assign(each, { port: '1' }), /nothing listens/],
    [
      'an unknown host',
      (each) => Object.assign(each, { hostname: 'nowhere.invalid' }),
      /address (for|of) its host/,
    ],
  ])('names %s', async (_what, change, expected) => {
    const other = new URL(url);
    change(other);
    expect(await faultsOf({ ...env, FANFARE_DATABASE_URL: other.href })).toEqual([
      expect.stringMatching(expected),
    ]);
  });

  test('tries to write, compares the clocks, and refuses a newer schema', async () => {
    const database = await openDatabase(readConfig(env).database);
    await database.migrate();
    expect(await faultsOf(env)).toEqual([]);
    await grant('SELECT');
    expect(await faultsOf(as(user, 'pw'))).toEqual([
      expect.stringMatching(/cannot insert, update and delete rows/),
    ]);
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 3_600_000);
    const faults = await faultsOf(env);
    clock.mockRestore();
    expect(faults).toEqual([expect.stringMatching(/3(600|599)\.\d s ahead of the database's: .*NTP/)]);
    await database.write((sql) =>
      sql.run('INSERT INTO migration (timestamp, name) VALUES (?, ?)', [1999999999999, 'Later1999999999999']),
    );
    await database.close();
    expect(await faultsOf(env)).toEqual([
      expect.stringMatching(/newer version of Fanfare: Later1999999999999/),
    ]);
  });

  test('gives the words of a broker that refuses, and tells it from one that is away', async () => {
    const vhost = await createVhost();
    const other = (change: (each: URL) => void) => {
      const broker = new URL(vhost.url());
      change(broker);
      return { ...env, FANFARE_DATABASE_URL: url, FANFARE_AMQP_URL: broker.href };
    };
    const brokerFaults = async (change: (each: URL) => void) =>
      (await faultsOf(other(change))).filter((text) => text.startsWith('FANFARE_AMQP_URL'));
    expect(await brokerFaults(() => undefined)).toEqual([]);
    expect(await brokerFaults((each) => Object.assign(each, { password: 'wrong' }))).toEqual([
      expect.stringMatching(/refuses: 403/),
    ]);
    expect(await brokerFaults((each) => Object.assign(each, { pathname: '/nowhere' }))).toEqual([
      expect.stringMatching(/refuses: 530.*virtual host/),
    ]);
    expect(await brokerFaults((each) => Object.assign(each, { port: '1' }))).toEqual([
      expect.stringMatching(/does not answer/),
    ]);
    await vhost.remove();
  });
});
