import { randomBytes } from 'node:crypto';
import type { Database } from '../src/database/openDatabase';
import type { SqlValue } from '../src/database/sql';
import { deliveryStatusCode, type TerminalStatus } from '../src/model/deliveryStatus';
import type { RandomSource } from '../src/seed/randomSource';
import { bulkWriter, writeRows } from './bulkWriter';

/** What each row is made of. */
export interface LargeDeps {
  readonly database: Database;
  readonly applicationId: number;
  readonly chance: RandomSource;
  readonly now: number;
}

export interface Reachable {
  readonly id: number;
  readonly pushService: string;
}

/** Names and shares. */
export const services = [
  ['fcm', 60],
  ['apple', 17],
  ['mozilla', 14],
  ['wns', 9],
  ['push.example.org', 0.01],
] as const;

interface Ending {
  readonly status: TerminalStatus;
  readonly reason: string;
}

const endings: readonly (readonly [Ending, number])[] = [
  [{ status: 'ACCEPTED', reason: 'accepted' }, 96.5],
  [{ status: 'GONE', reason: 'unknown-subscription' }, 3],
  [{ status: 'EXHAUSTED', reason: 'unavailable' }, 0.5],
];
const rareEnding: Ending = { status: 'REJECTED', reason: 'bad-subscription-keys' };
const rareDeliveries = 3;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const singleNotifications = 50_000;
const waitingDispatches = 2_000;
const apiKeyIds = [1, 2] as const;
const slots = 8;
const hourlyDays = 15;
const countedDays = 366;

const notificationColumns = `id, applicationId, apiKeyId, lane, audience, status, content, receiptUrl, ttlSeconds,
  urgency, inputHash, createdAt, deadlineAt, completedAt, expandCursor, targeted, accepted, gone, rejected, exhausted`;
const deliveryColumns =
  'notificationId, subscriptionId, dispatchId, status, attempts, httpStatus, reason, pushService, acceptedAt';

/**
 * Two weeks of messages to single people, a broadcast to everybody after them, work that waits, and what statistics are
 * made of: every hour of two weeks and every day of a year.
 * @returns the broadcast
 */
export async function fillHistory(parts: LargeDeps, live: readonly Reachable[]): Promise<number> {
  const broadcastId = singleNotifications + 1;
  await fillSingles(parts, live);
  await fillBroadcast(parts, broadcastId, live);
  await fillDispatches(parts, broadcastId);
  await fillCounts(parts);
  return broadcastId;
}

async function fillSingles(parts: LargeDeps, live: readonly Reachable[]): Promise<void> {
  const { database, chance, now } = parts;
  const notifications = bulkWriter(database, 'notification', notificationColumns);
  const deliveries = bulkWriter(database, 'delivery', deliveryColumns);
  for (let id = 1; id <= singleNotifications; id += 1) {
    const at = now - Math.floor(14 * dayMs * (1 - id / singleNotifications)) - 3 * hourMs;
    await notifications.add(notificationRow(parts, id, at, { ACCEPTED: 1 }));
    const target = live[chance.between(0, live.length - 1)];
    if (target) await deliveries.add(deliveryRow(id, target, { status: 'ACCEPTED', reason: 'accepted' }, at));
  }
  await notifications.end();
  await deliveries.end();
}

/** The deliveries of its rarest outcome are spread over it, the last at its end. */
async function fillBroadcast(parts: LargeDeps, id: number, live: readonly Reachable[]): Promise<void> {
  const { database, chance, now } = parts;
  const at = now - 2 * hourMs;
  const deliveries = bulkWriter(database, 'delivery', deliveryColumns);
  const outcomes = new Map<string, [number, string, number, string, number]>();
  const byStatus: Partial<Record<TerminalStatus, number>> = {};
  const every = Math.floor(live.length / rareDeliveries);
  for (const [index, target] of live.entries()) {
    const ending = index % every === every - 1 ? rareEnding : chance.weighted(endings);
    await deliveries.add(deliveryRow(id, target, ending, at));
    const { status, reason } = ending;
    byStatus[status] = (byStatus[status] ?? 0) + 1;
    const name = `${target.pushService} ${status}`;
    const counted = outcomes.get(name)?.[4] ?? 0;
    outcomes.set(name, [id, target.pushService, deliveryStatusCode(status), reason, counted + 1]);
  }
  await deliveries.end();
  const columns = 'notificationId, pushService, status, reason, deliveries';
  await writeRows(database, 'notification_outcome', columns, outcomes.values());
  await writeRows(database, 'notification', notificationColumns, [notificationRow(parts, id, at, byStatus)]);
}

/** As of a broadcast to a million that has just been expanded. */
async function fillDispatches({ database, now }: LargeDeps, notificationId: number): Promise<void> {
  const columns =
    'notificationId, lane, pushService, firstSubscriptionId, lastSubscriptionId, dueAt, publishedAt';
  const rows = Array.from({ length: waitingDispatches }, () => [
    ...[notificationId, 'bulk', 'fcm', 1, 1, now, now],
  ]);
  await writeRows(database, 'dispatch', columns, rows);
}

async function fillCounts({ database, applicationId, chance, now }: LargeDeps): Promise<void> {
  const outcomes = apiKeyIds.flatMap((key) =>
    services.flatMap(([service]) =>
      endings.map(([{ status, reason }]) => [key, service, deliveryStatusCode(status), reason]),
    ),
  );
  const today = now - (now % dayMs);
  const columns = 'apiKeyId, pushService, status, reason, deliveries';
  const hours = bulkWriter(database, 'outcome_hour', `applicationId, hour, slot, ${columns}`);
  for (let hour = today - hourlyDays * dayMs; hour <= now; hour += hourMs) {
    // older ones have been added up
    const open = database.kind === 'mysql' && hour > now - 2 * hourMs ? slots : 1;
    for (let slot = 0; slot < open; slot += 1) {
      for (const outcome of outcomes)
        await hours.add([applicationId, hour, slot, ...outcome, chance.between(1, 500)]);
    }
  }
  await hours.end();
  const days = bulkWriter(database, 'outcome_day', `applicationId, day, ${columns}`);
  for (let day = today - countedDays * dayMs; day < today - hourlyDays * dayMs; day += dayMs) {
    for (const outcome of outcomes)
      await days.add([applicationId, day, ...outcome, chance.between(1, 50_000)]);
  }
  await days.end();
}

function notificationRow(
  { applicationId }: LargeDeps,
  id: number,
  at: number,
  counts: Partial<Record<TerminalStatus, number>>,
): SqlValue[] {
  const isBroadcast = id > singleNotifications;
  const audience = isBroadcast ? { everyone: true } : { userIds: ['somebody'] };
  return [
    ...[id, applicationId, apiKeyIds[isBroadcast ? 0 : 1], isBroadcast ? 'bulk' : 'transactional'],
    ...[JSON.stringify(audience), 'COMPLETED', '{"title":"News"}', '', 86_400, 'normal', randomBytes(32)],
    ...[at, at + dayMs, at + hourMs, 0, Object.values(counts).reduce((sum, each) => sum + each, 0)],
    ...(['ACCEPTED', 'GONE', 'REJECTED', 'EXHAUSTED'] as const).map((status) => counts[status] ?? 0),
  ];
}

function deliveryRow(
  id: number,
  { id: subscriptionId, pushService }: Reachable,
  ending: Ending,
  at: number,
): SqlValue[] {
  const { status, reason } = ending;
  const isAccepted = status === 'ACCEPTED';
  return [
    ...[id, subscriptionId, 1, deliveryStatusCode(status), 1, isAccepted ? 201 : 400, reason, pushService],
    isAccepted ? at : null,
  ];
}
