import { randomBytes } from 'node:crypto';
import { countOutcomes, type OutcomeCount } from '../database/counts/countOutcomes';
import { Notification } from '../database/entities/notification';
import type { Database, Transaction } from '../database/openDatabase';
import { deliveryStatusCode, terminalStatuses } from '../model/deliveryStatus';
import { hourMs } from '../model/timeSpans';
import { insertRows } from './insertRows';
import type { PlannedNotification } from './notificationPlan';
import { type PlannedOutcome, planOutcome } from './plannedOutcome';
import type { RandomSource } from './randomSource';

const ttlSeconds = 86_400;

interface SeedNotificationDeps {
  readonly kind: Database['kind'];
  readonly applicationId: number;
  /** Ids of API keys by their names. */
  readonly apiKeyIds: ReadonlyMap<string, number>;
  readonly chance: RandomSource;
}

/** Lays down one finished notification with all its deliveries and counts. */
export async function seedNotification(
  tx: Transaction,
  parts: SeedNotificationDeps,
  planned: PlannedNotification,
): Promise<void> {
  const outcomes = planned.devices.map((device) => planOutcome(planned, device, parts.chance));
  const { id } = await tx.entities.save(
    tx.entities.create(Notification, notificationRow(parts, planned, outcomes)),
  );
  await insertRows(
    tx.sql,
    'delivery',
    deliveryColumns,
    outcomes.map((outcome) => deliveryRow(id, outcome)),
  );
  const at = planned.createdAt + 5_000;
  const settled = { notificationId: id, lane: planned.lane, spread: id, at, outcomes: countsOf(outcomes) };
  await tx.sql.batch(countOutcomes(parts.kind, settled));
}

/** One that waits for tomorrow, and one that was stopped. */
export async function seedUnfinished(
  tx: Transaction,
  parts: SeedNotificationDeps,
  now: number,
): Promise<void> {
  const plan = (title: string): PlannedNotification => ({
    content: { title, body: 'From 9 o’clock, while stocks last.', navigate: 'https://www.example.org/sale' },
    ...{
      audience: { everyone: true },
      lane: 'bulk',
      keyName: 'marketing',
      createdAt: now - 1_800_000,
      devices: [],
    },
  });
  const sendAt = now + 20 * hourMs;
  await tx.entities.save(Notification, {
    ...notificationRow(parts, plan('The big sale starts'), []),
    ...{
      status: 'SCHEDULED',
      sendAt,
      deadlineAt: sendAt + ttlSeconds * 1000,
      completedAt: null,
      expandDueAt: sendAt,
    },
  });
  await tx.entities.save(Notification, {
    ...notificationRow(parts, plan('The big sale start (misspelt)'), []),
    status: 'CANCELLED',
  });
}

function notificationRow(
  { applicationId, apiKeyIds }: SeedNotificationDeps,
  { content, audience, lane, keyName, createdAt }: PlannedNotification,
  outcomes: readonly PlannedOutcome[],
): Omit<Notification, 'id'> {
  const count = (wanted: (outcome: PlannedOutcome) => boolean) => outcomes.filter(wanted).length;
  const [accepted, gone, rejected, expired, exhausted, cancelled] = terminalStatuses.map((status) =>
    count((outcome) => outcome.status === status),
  ) as [number, number, number, number, number, number];
  return {
    ...{ applicationId, apiKeyId: apiKeyIds.get(keyName) ?? 0, status: 'COMPLETED', lane, audience, content },
    ...{
      ttlSeconds,
      urgency: lane === 'bulk' ? 'normal' : 'high',
      topic: null,
      receiptUrl: '',
      idempotencyKey: null,
    },
    ...{ inputHash: randomBytes(32), createdAt, sendAt: null, expiresAt: null },
    ...{ deadlineAt: createdAt + ttlSeconds * 1000, completedAt: createdAt + 6_000 },
    ...{ expandDueAt: null, expandCursor: 0, expandLeaseUntil: null, targeted: outcomes.length },
    ...{ accepted, gone, rejected, expired, exhausted, cancelled },
    displayed: count((outcome) => outcome.displayedAt !== null),
    clicked: count((outcome) => outcome.clickedAt !== null),
    dismissed: count((outcome) => outcome.dismissedAt !== null),
  };
}

const deliveryColumns = [
  ...['notificationId', 'subscriptionId', 'dispatchId', 'status', 'attempts', 'httpStatus', 'reason'],
  ...['pushService', 'acceptedAt', 'displayedAt', 'clickedAt', 'dismissedAt'],
];

function deliveryRow(notificationId: number, outcome: PlannedOutcome) {
  const { device, status, attempts, httpStatus, reason, acceptedAt } = outcome;
  return [
    ...[notificationId, device.id, 0, deliveryStatusCode(status), attempts, httpStatus, reason],
    ...[device.pushService, acceptedAt, outcome.displayedAt, outcome.clickedAt, outcome.dismissedAt],
  ];
}

function countsOf(outcomes: readonly PlannedOutcome[]): OutcomeCount[] {
  const counts = new Map<string, OutcomeCount>();
  for (const { device, status, reason } of outcomes) {
    const name = [device.pushService, status, reason].join(' ');
    const deliveries = (counts.get(name)?.deliveries ?? 0) + 1;
    counts.set(name, { pushService: device.pushService, status, reason, deliveries });
  }
  return [...counts.values()];
}
