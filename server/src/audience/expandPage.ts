import type { Transaction } from '../database/openDatabase';
import type { Audience } from '../model/audience';
import type { Lane } from '../model/lane';
import { audienceFilter } from './audienceFilter';

/** Deliveries in one dispatch: large enough that the queue costs next to nothing per delivery. */
export const dispatchSize = 500;

/** What expansion must know of a notification. */
export interface Expandable {
  readonly id: number;
  readonly applicationId: number;
  readonly audience: Audience;
  readonly lane: Lane;
}

export interface ExpandedPage {
  /** Ids of the dispatches made. */
  readonly dispatchIds: number[];
  readonly targeted: number;
  /** Where the next page begins; undefined when this one was the last. */
  readonly nextCursor: number | undefined;
}

interface Target {
  id: number;
  pushService: string;
}

/**
 * Writes the deliveries and dispatches for the next page of an audience, in subscription order, inside the
 * caller's transaction (which must also move the cursor).
 * @param cursor the last subscription id already expanded; 0 at first
 * @param publishedAt set when the caller will publish the dispatches itself right after the commit
 */
export async function expandPage(
  tx: Transaction,
  notification: Expandable,
  page: { cursor: number; size: number; dueAt: number; publishedAt: number | null },
): Promise<ExpandedPage> {
  const targets = await readTargets(tx, notification, page.cursor, page.size);
  const dispatchIds: number[] = [];
  for (const group of dispatchGroups(targets)) {
    dispatchIds.push(await insertDispatch(tx, notification, group, page));
  }
  const last = targets.at(-1);
  return {
    dispatchIds,
    targeted: targets.length,
    nextCursor: last && targets.length === page.size ? last.id : undefined,
  };
}

async function readTargets(
  tx: Transaction,
  notification: Expandable,
  cursor: number,
  size: number,
): Promise<Target[]> {
  const { where, values } = audienceFilter(notification.applicationId, notification.audience);
  return tx.sql.rows<Target>(
    `SELECT s.id, s.pushService FROM push_subscription s WHERE s.id > ? AND ${where} ORDER BY s.id LIMIT ?`,
    [cursor, ...values, size],
  );
}

/** One push service to a dispatch, so that a slow one never holds up deliveries to another. */
export function dispatchGroups(targets: readonly Target[]): Target[][] {
  const byService = new Map<string, Target[]>();
  for (const target of targets) {
    const group = byService.get(target.pushService);
    if (group) group.push(target);
    else byService.set(target.pushService, [target]);
  }
  return [...byService.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / dispatchSize) }, (_, index) =>
      group.slice(index * dispatchSize, (index + 1) * dispatchSize),
    ),
  );
}

async function insertDispatch(
  tx: Transaction,
  notification: Expandable,
  group: Target[],
  page: { dueAt: number; publishedAt: number | null },
): Promise<number> {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last) throw new Error('A dispatch needs at least one delivery.');
  const { insertId } = await tx.sql.run(
    `INSERT INTO dispatch (notificationId, lane, pushService, firstSubscriptionId, lastSubscriptionId, dueAt, publishedAt)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [notification.id, notification.lane, first.pushService, first.id, last.id, page.dueAt, page.publishedAt],
  );
  // values of our own go into the statement itself: binding 500 rows costs more than writing them
  const service = quotedName(first.pushService);
  const rows = group.map((target) => `(${notification.id},${target.id},${insertId},0,0,${service})`);
  await tx.sql.run(
    `INSERT INTO delivery (notificationId, subscriptionId, dispatchId, status, attempts, pushService) VALUES ${rows.join(',')}`,
  );
  return insertId;
}

function quotedName(pushService: string): string {
  if (!/^[a-z0-9.:[\]-]+$/.test(pushService)) throw new Error('A push service has an unexpected name.');
  return `'${pushService}'`;
}
