/** The commands of docs/operator.md that prepare database and broker, as they stand there but for the names. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { examine } from '../../../src/commands/doctor/doctor';
import { readConfig } from '../../../src/config';
import { openDatabase } from '../../../src/database/openDatabase';
import { startLocalPushService } from '../../../src/localPushService/startLocalPushService';
import { silentLog } from '../../../src/observe/log';
import { startFanfare } from '../../../src/processes/startFanfare';
import { callGraphql, operation } from '../../support/api/graphqlCall';
import { blocksOf, read } from '../../support/documents';
import { describeWith } from '../../support/engines/available';
import { mysqlServer } from '../../support/engines/freshDatabase';
import { brokerUrl } from '../../support/servers/rabbitBroker';
import { until } from '../../support/until';

/** Instead of `fanfare`, so that nothing on a shared server has the name. */
const name = `fanfare${randomBytes(4).toString('hex')}`;
const told = read('docs/operator.md');
const renamed = (text: string) => text.replaceAll('fanfare', name);

const [createAll = '', createLimited = ''] = blocksOf(told, 'sql').map(renamed);
const brokerCommands = blocksOf(told, 'sh')
  .filter((block) => block.startsWith('rabbitmqctl'))
  .map(renamed);

async function runSql(block: string): Promise<void> {
  const connection = await createConnection(mysqlServer);
  try {
    for (const statement of block.split(';\n').filter(Boolean)) await connection.query(statement);
  } finally {
    await connection.end();
  }
}

const shell = (script: string) => execFileSync('sh', ['-ec', script], { stdio: 'pipe' });

function urlFor(server: string | URL, user: string): string {
  const url = new URL(server);
  Object.assign(url, { username: user, password: 'password', pathname: `/${name}` });
  return url.href;
}

describeWith(['mysql', 'rabbitmq'], 'an installation prepared by the book', () => {
  const adminKey = `fs_${randomBytes(24).toString('base64url')}`;
  const env = {
    FANFARE_DATABASE_URL: urlFor(mysqlServer, `${name}-run`),
    FANFARE_AMQP_URL: urlFor(brokerUrl, name),
    FANFARE_QUEUE_PREFIX: name,
    FANFARE_SECRET: randomBytes(32).toString('base64'),
    FANFARE_ADMIN_KEY: adminKey,
    FANFARE_ENCRYPTION_THREADS: '0',
    FANFARE_PORT: '0',
  };

  afterAll(async () => {
    await runSql(`DROP DATABASE IF EXISTS ${name};\nDROP USER IF EXISTS '${name}'@'%', '${name}-run'@'%';\n`);
    for (const leftover of [`delete_vhost ${name}`, `delete_user ${name}`])
      shell(`rabbitmqctl ${leftover} || true`);
  });

  test('is migrated by one user, and run by another who may not change the schema', async () => {
    await runSql(createAll);
    await runSql(createLimited);
    for (const commands of brokerCommands) shell(commands);
    const owner = { ...env, FANFARE_DATABASE_URL: urlFor(mysqlServer, name) };
    const database = await openDatabase(readConfig(owner).database);
    await database.exclusively(() => database.migrate());
    await database.close();

    const pushService = await startLocalPushService();
    const withHost = { ...env, FANFARE_PUSH_HOSTS: `localhost:${pushService.port}` };
    const fanfare = await startFanfare({ config: readConfig(withHost), role: 'all', log: silentLog });
    const graphql = <Data>(query: string, variables?: Record<string, unknown>) =>
      callGraphql<Data>(String(fanfare.url), adminKey, query, variables);
    const { vapidPublicKey } = await graphql<{ vapidPublicKey: string }>(operation('vapidPublicKey'));
    const agent = pushService.createUserAgent();
    const subscription = agent.subscribe(vapidPublicKey);
    await graphql(operation('subscribe'), { input: { userId: 'ada', subscription } });
    await graphql(
      'mutation { sendNotification(input: { audience: { userIds: ["ada"] }, content: { title: "x" } }) { replayed } }',
    );
    await until(() => agent.receivedCount === 1, 'the message');
    const findings = await examine(withHost, []);
    expect(findings.filter(({ verdict }) => verdict === 'fault')).toEqual([]);
    await fanfare.stop();
    await pushService.stop();
  });
});
