import { createHash, randomBytes } from 'node:crypto';
import { Application } from '../src/database/entities/application';
import type { Database } from '../src/database/openDatabase';
import type { SqlValue } from '../src/database/sql';
import { deliveryStatusCode, type TerminalStatus } from '../src/model/deliveryStatus';
import { RandomSource } from '../src/seed/randomSource';

/*
 * A database as it is after half a year with a million browsers, written straight into the tables: push subscriptions
 * with users and tags, one broadcast to all of them, single notifications, and the counts that grow beside deliveries.
 */

export interface LargeDatabase {
  readonly applicationId: number;
  /** The one broadcast; its rarest outcome is that of three deliveries. */
  readonly broadcastId: number;
  readonly userIds: readonly string[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const rowsPerStatement = 1_000;
const ageDays = 180;
const singleNotifications = 50_000;
const apiKeyIds = [1, 2];
const slots = 8;
const hourlyDays = 15;
const countedDays = 366;

const services = [
  ['fcm', 60],
  ['apple', 17],
  ['mozilla', 14],
  ['wns', 9],
  ['push.example.org', 0.01],
] as const;

const tagShares = { news: 0.6, orders: 0.7, offers: 0.45, sport: 0.2, beta: 0.05, staff: 0.0005 };

const outcomes: readonly (readonly [{ status: TerminalStatus; reason: string }, number])[] = [
  [{ status: 'ACCEPTED', reason: 'accepted' }, 96.5],
  [{ status: 'GONE', reason: 'unknown-subscription' }, 3],
  [{ status: 'EXHAUSTED', reason: 'unavailable' }, 0.5],
];
const rareOutcome = { status: 'REJECTED' as const, reason: 'bad-subscription-keys' };
const rareDeliveries = 3;

/** Fills an empty, migrated database; the same rows every time. */
export async function fillLargeDatabase(database: Database, subscriptions: number): Promise<LargeDatabase> {
  const now = Date.now();
  const chance = new RandomSource(20_260_201);
  const { id: applicationId } = await database.transaction((tx) =>
    tx.entities.save(
      tx.entities.create(Application, { name: 'large', requireUserProof: false, createdAt: now }),
    ),
  );
  const parts = { database, applicationId, chance, now };
  const live = await fillSubscriptions(parts, subscriptions);
  const broadcastId = await fillBroadcast(parts, live);
  await fillSingles(parts, live);
  await fillCounts(parts);
  if (database.kind === 'mysql') {
    await database.sql.rows(
      'ANALYZE TABLE push_subscription, subscription_tag, notification, delivery, outcome_hour, outcome_day',
    );
  }
  const userIds = Array.from({ length: 100 }, (_, index) => `user-${index + 1}`);
  return { applicationId, broadcastId, userIds };
}

interface Parts {
  readonly database: Database;
  readonly applicationId: number;
  readonly chance: RandomSource;
  readonly now: number;
}

interface Reachable {
  readonly id: number;
  readonly pushService: string;
}

async function fillSubscriptions(
  { database, applicationId, chance, now }: Parts,
  count: number,
): Promise<Reachable[]> {
  const live: Reachable[] = [];
  const rows = writer(
    database,
    'push_subscription',
    `id, applicationId, endpointHash, endpoint, p256dh, sealedAuth, vapidKeyId, pushService, userId, locale, timeZone,
     createdAt, lastSeenAt, version, verifiedAt, retiredAt, retiredReason`,
  );
  const tags = writer(database, 'subscription_tag', 'subscriptionId, applicationId, tag');
  const keys = randomBytes(65 + 61);
  for (let id = 1; id <= count; id += 1) {
    const pushService = chance.weighted(services);
    const endpoint = `https://${pushService}.example/${createHash('sha512').update(String(id)).digest('base64url')}:${id}`;
    const age = Math.floor(ageDays * dayMs * (1 - id / (count + 1)));
    const retiredAt = chance.happens(0.11)
      ? now - Math.floor(chance.share() * Math.min(age, 29 * dayMs))
      : null;
    const user = chance.happens(0.7) ? `user-${chance.between(1, Math.ceil(count / 2))}` : null;
    await rows.add([
      ...[id, applicationId, createHash('sha256').update(endpoint).digest(), endpoint],
      ...[keys.subarray(0, 65), keys.subarray(65), 1, pushService, user, 'en-GB', 'Europe/London'],
      ...[now - age, now - Math.floor(age / 2), 1, chance.happens(0.9) ? now - age : null],
      ...[retiredAt, retiredAt === null ? null : 'gone'],
    ]);
    for (const [tag, share] of Object.entries(tagShares)) {
      if (chance.happens(share)) await tags.add([id, applicationId, tag]);
    }
    if (retiredAt === null) live.push({ id, pushService });
  }
  await rows.end();
  await tags.end();
  return live;
}

const notificationColumns = `id, applicationId, apiKeyId, lane, audience, status, content, receiptUrl, ttlSeconds,
  urgency, inputHash, createdAt, deadlineAt, completedAt, expandCursor, targeted,
  accepted, gone, rejected, exhausted`;
const deliveryColumns =
  'notificationId, subscriptionId, dispatchId, status, attempts, httpStatus, reason, pushService, acceptedAt';

function notificationRow(
  { applicationId }: Parts,
  {
    id,
    at,
    isBroadcast,
    counts,
  }: { id: number; at: number; isBroadcast: boolean; counts: Record<string, number> },
): SqlValue[] {
  const targeted = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const audience = isBroadcast ? { everyone: true } : { userIds: ['somebody'] };
  return [
    ...[id, applicationId, apiKeyIds[isBroadcast ? 0 : 1] ?? 0, isBroadcast ? 'bulk' : 'transactional'],
    ...[JSON.stringify(audience), 'COMPLETED', '{"title":"News"}', '', 86_400, 'normal', randomBytes(32)],
    ...[at, at + dayMs, at + hourMs, 0, targeted],
    ...['ACCEPTED', 'GONE', 'REJECTED', 'EXHAUSTED'].map((status) => counts[status] ?? 0),
  ];
}

/** The broadcast is the newest of all, with the deliveries of its rarest outcome spread over it. */
async function fillBroadcast(parts: Parts, live: readonly Reachable[]): Promise<number> {
  const { database, chance, now } = parts;
  const notificationId = singleNotifications + 1;
  const deliveries = writer(database, 'delivery', deliveryColumns);
  const byOutcome = new Map<string, SqlValue[]>();
  const byStatus: Record<string, number> = {};
  const every = Math.ceil(live.length / rareDeliveries);
  for (const [index, { id, pushService }] of live.entries()) {
    const outcome = index % every === every - 1 ? rareOutcome : chance.weighted(outcomes);
    const { status, reason } = outcome;
    const code = deliveryStatusCode(status);
    await deliveries.add([
      ...[notificationId, id, 1, code, 1, status === 'ACCEPTED' ? 201 : 400, reason, pushService],
      status === 'ACCEPTED' ? now : null,
    ]);
    byStatus[status] = (byStatus[status] ?? 0) + 1;
    const name = `${pushService} ${status} ${reason}`;
    const counted = Number(byOutcome.get(name)?.at(-1) ?? 0);
    byOutcome.set(name, [notificationId, pushService, code, reason, counted + 1]);
  }
  await deliveries.end();
  const counts = writer(
    database,
    'notification_outcome',
    'notificationId, pushService, status, reason, deliveries',
  );
  for (const row of byOutcome.values()) await counts.add(row);
  await counts.end();
  const row = notificationRow(parts, {
    ...{ id: notificationId, at: now - 2 * hourMs, isBroadcast: true, counts: byStatus },
  });
  const notifications = writer(database, 'notification', notificationColumns);
  await notifications.add(row);
  await notifications.end();
  return notificationId;
}

async function fillSingles(parts: Parts, live: readonly Reachable[]): Promise<void> {
  const { database, chance, now } = parts;
  const notifications = writer(database, 'notification', notificationColumns);
  const deliveries = writer(database, 'delivery', deliveryColumns);
  for (let id = 1; id <= singleNotifications; id += 1) {
    const at =
      now - Math.floor((14 * dayMs * (singleNotifications - id + 1)) / singleNotifications) - 3 * hourMs;
    await notifications.add(notificationRow(parts, { id, at, isBroadcast: false, counts: { ACCEPTED: 1 } }));
    const target = live[chance.between(0, live.length - 1)];
    if (target) await deliveries.add([id, target.id, 1, 1, 1, 201, 'accepted', target.pushService, at]);
  }
  await notifications.end();
  await deliveries.end();
}

/** What was settled in every hour of two weeks by two keys at once, and on every day of a year. */
async function fillCounts({ database, applicationId, chance, now }: Parts): Promise<void> {
  const hours = writer(
    database,
    'outcome_hour',
    'applicationId, hour, slot, apiKeyId, pushService, status, reason, deliveries',
  );
  const days = writer(
    database,
    'outcome_day',
    'applicationId, day, apiKeyId, pushService, status, reason, deliveries',
  );
  const all = apiKeyIds.flatMap((apiKeyId) =>
    services.flatMap(([service]) =>
      outcomes.map(([{ status, reason }]) => [apiKeyId, service, deliveryStatusCode(status), reason]),
    ),
  );
  const today = now - (now % dayMs);
  for (let hour = today - hourlyDays * dayMs; hour <= now; hour += hourMs) {
    for (let slot = 0; slot < (database.kind === 'mysql' ? slots : 1); slot += 1) {
      for (const outcome of all)
        await hours.add([applicationId, hour, slot, ...outcome, chance.between(1, 500)]);
    }
  }
  for (let day = today - countedDays * dayMs; day < today - hourlyDays * dayMs; day += dayMs) {
    for (const outcome of all) await days.add([applicationId, day, ...outcome, chance.between(1, 50_000)]);
  }
  await hours.end();
  await days.end();
}

/** Values of our own stand in the statement: binding that many would take longer than all else. */
function writer(database: Database, table: string, columns: string) {
  let waiting: string[] = [];
  const end = async () => {
    const rows = waiting.join(',');
    waiting = [];
    if (rows.length === 0) return;
    await database.write((sql) => sql.run(`INSERT INTO ${table} (${columns}) VALUES ${rows}`));
  };
  return {
    end,
    add: async (row: readonly SqlValue[]) => {
      waiting.push(`(${row.map(literal).join(',')})`);
      if (waiting.length >= rowsPerStatement) await end();
    },
  };
}

function literal(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (Buffer.isBuffer(value)) return `X'${value.toString('hex')}'`;
  return typeof value === 'string' ? `'${value}'` : String(Number(value));
}
