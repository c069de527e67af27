import { connect as connectAmqp } from 'amqplib';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { nameTopology } from '../src/queue/amqp/topology';
import { listeningProcess } from './processUsage';

/** The database server and the broker that the benchmarks use; each run has a database and queues of its own there. */
export const mysqlServer = process.env.FANFARE_BENCH_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';
export const amqpUrl = process.env.FANFARE_BENCH_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672';

/** Runs one statement outside any database of ours. */
export async function onMysql<Row>(statement: string): Promise<Row[]> {
  const connection = await createConnection(mysqlServer);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(statement);
    return rows as Row[];
  } finally {
    await connection.end();
  }
}

/** @returns `RabbitMQ 3.10.8, MariaDB 10.11.19`: what the servers say of themselves */
export async function serverNames(): Promise<string> {
  const database = await databaseServerName();
  const connection = await connectAmqp(amqpUrl);
  const { product, version } = connection.connection.serverProperties;
  await connection.close();
  return `${product} ${version}, ${database}`;
}

/** @returns `MariaDB 10.11.19` or `MySQL 8.4.11` */
export async function databaseServerName(): Promise<string> {
  const [about] = await onMysql<{ version: string; comment: string }>(
    'SELECT VERSION() AS version, @@version_comment AS comment',
  );
  const { version = '', comment = '' } = about ?? {};
  const [number = ''] = version.split('-');
  return /mariadb/i.test(version + comment) ? `MariaDB ${number}` : `MySQL ${number}`;
}

/** Removes queues and exchanges of a prefix; those that are not there are passed over. */
export async function deleteQueues(prefix: string): Promise<void> {
  const topology = nameTopology(prefix);
  const model = await connectAmqp(amqpUrl);
  const channel = await model.createChannel();
  for (const queue of [...Object.values(topology.queues), topology.deadQueue])
    await channel.deleteQueue(queue);
  for (const exchange of [topology.exchange, topology.deadExchange]) await channel.deleteExchange(exchange);
  await model.close();
}

/** Why the servers cannot be used; undefined when they can. */
export async function serversMissing(): Promise<string | undefined> {
  try {
    await onMysql('SELECT 1');
  } catch {
    return 'no MySQL or MariaDB that lets us in (FANFARE_BENCH_MYSQL_URL, by default root without password on 127.0.0.1)';
  }
  try {
    await (await connectAmqp(amqpUrl)).close();
    return undefined;
  } catch {
    return 'no RabbitMQ that lets us in (FANFARE_BENCH_AMQP_URL, by default guest on 127.0.0.1)';
  }
}

/** Database and broker, when they run on this machine and may be looked at. */
export function serverProcesses(): { name: string; pid: number }[] {
  const named = [
    { name: 'database', pid: listeningProcess(Number(new URL(mysqlServer).port || 3306)) },
    { name: 'broker', pid: listeningProcess(Number(new URL(amqpUrl).port || 5672)) },
  ];
  return named.flatMap(({ name, pid }) => (pid === undefined ? [] : [{ name, pid }]));
}
