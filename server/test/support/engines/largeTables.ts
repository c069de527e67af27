import type { Database } from '../../../src/database/openDatabase';
import type { SqlValue } from '../../../src/database/sql';
import { type SeededApplication, seedApplication } from '../api/seedApplication';

/** An application with enough rows that looking through all of them is a different plan from looking some up. */
export interface LargeTables {
  readonly application: SeededApplication;
  readonly userId: string;
  /** The user's push subscriptions. */
  readonly deviceIds: readonly number[];
  /** Single notifications to the user, oldest first: each to every device, all before those to others. */
  readonly toUser: readonly number[];
  /** To everybody; the last. */
  readonly broadcast: number;
}

const subscribers = 3_000;
const singles = 3_000;
const devices = 3;
const sentToUser = 20;
const rowsPerStatement = 1_000;

/** Some thousand push subscriptions, notifications and deliveries of a fresh application, all settled. */
export async function fillLargeTables(database: Database): Promise<LargeTables> {
  const application = await seedApplication(database);
  const userId = `somebody of ${application.id}`;
  const now = Date.now();
  const [key] = await database.sql.rows<{ id: number }>('SELECT id FROM api_key WHERE applicationId = ?', [
    application.id,
  ]);
  const subscription = (_: unknown, index: number): SqlValue[] => {
    const name = `${application.id}-${index}`;
    const user = index < devices ? userId : `user ${index}`;
    return [
      ...[application.id, Buffer.from(name), `https://push.example.org/${name}`, 'fcm', user, now - index],
      ...[now, index % 10 === 9 ? now : null],
    ];
  };
  const deviceIds = await insert(database, {
    table: 'push_subscription',
    columns:
      'applicationId, endpointHash, endpoint, pushService, userId, createdAt, lastSeenAt, retiredAt, p256dh, sealedAuth, vapidKeyId, version, userSince',
    more: ", X'00', X'00', 1, 1, 0",
    rows: Array.from({ length: subscribers }, subscription),
  });
  await insert(database, {
    table: 'subscription_tag',
    columns: 'applicationId, tag, subscriptionId',
    more: '',
    rows: deviceIds.flatMap((id, index) => tagsOf(index).map((tag) => [application.id, tag, id])),
  });
  const notification = (_: unknown, index: number): SqlValue[] => {
    const isLast = index === singles;
    const audience = isLast ? { everyone: true } : { userIds: [index < sentToUser ? userId : 'another'] };
    return [
      application.id,
      key?.id ?? 0,
      isLast ? 'bulk' : 'transactional',
      JSON.stringify(audience),
      now - 2,
    ];
  };
  const notificationIds = await insert(database, {
    table: 'notification',
    columns:
      'applicationId, apiKeyId, lane, audience, createdAt, status, content, receiptUrl, ttlSeconds, urgency, inputHash, deadlineAt, expandCursor',
    more: `, 'COMPLETED', '{"title":"x"}', 'https://example.org', 60, 'normal', X'00', 1, 0`,
    rows: Array.from({ length: singles + 1 }, notification),
  });
  const mine = deviceIds.slice(0, devices);
  const broadcast = notificationIds[singles] ?? 0;
  const single = notificationIds.slice(0, singles);
  await insert(database, {
    table: 'delivery',
    columns: 'notificationId, subscriptionId, dispatchId, status, attempts, pushService',
    more: ", 1, 1, 1, 'fcm'",
    rows: [
      ...single.slice(0, sentToUser).flatMap((id) => mine.map((device) => [id, device])),
      ...single.slice(sentToUser).map((id, index) => [id, deviceIds[devices + (index % 500)] ?? 0]),
      ...deviceIds.map((id) => [broadcast, id]),
    ],
  });
  await analyse(database);
  return { application, userId, deviceIds: mine, toUser: single.slice(0, sentToUser), broadcast };
}

/** Everybody has one of many tags; a few have those that are asked for. */
function tagsOf(index: number): string[] {
  const some = ['a', 'b', 'c', 'd'].filter((_, each) => index % (50 + each) === 0);
  return [`group ${index % 100}`, ...some];
}

function hasIds(table: string): boolean {
  return table !== 'delivery' && table !== 'subscription_tag';
}

/** @returns the new ids, in order, where the table gives some */
async function insert(
  database: Database,
  { table, columns, more, rows }: { table: string; columns: string; more: string; rows: SqlValue[][] },
): Promise<number[]> {
  const before = await lastId(database, table);
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    const some = rows.slice(from, from + rowsPerStatement);
    const texts = some.map((row) => `(${row.map(() => '?').join(', ')}${more})`);
    await database.write((sql) =>
      sql.run(`INSERT INTO ${table} (${columns}) VALUES ${texts.join(',')}`, some.flat()),
    );
  }
  if (!hasIds(table)) return [];
  const added = await database.sql.rows<{ id: number }>(`SELECT id FROM ${table} WHERE id > ? ORDER BY id`, [
    before,
  ]);
  return added.map((row) => row.id);
}

async function lastId(database: Database, table: string): Promise<number> {
  if (!hasIds(table)) return 0;
  const [row] = await database.sql.rows<{ id: number | null }>(`SELECT MAX(id) AS id FROM ${table}`);
  return row?.id ?? 0;
}

/** MySQL chooses by statistics, which it would gather some time later. */
async function analyse(database: Database): Promise<void> {
  if (database.kind === 'sqlite') return;
  await database.sql.rows('ANALYZE TABLE push_subscription, subscription_tag, notification, delivery');
}
