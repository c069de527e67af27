import type { Database } from '../database/openDatabase';
import type { SqlValue } from '../database/sql';
import { hasManyHosts, pushServiceName } from '../egress/pushServiceName';
import { type Lane, lanes } from '../model/lane';
import type { DispatchMessage } from '../queue/dispatchQueue';
import type { GateOf } from './flow/pushServiceGates';

/*
 * Reads the dispatches that wait in the database because a push service asked for it (`heldBy`), in the order in which
 * they were sent. `dispatch_due` leads to those that are not due yet; they are counted in dispatches, not deliveries.
 */

export type HeldAt = Pick<GateOf, 'flowName' | 'applicationId'>;

export interface HeldDispatch extends DispatchMessage {
  readonly lane: Lane;
}

/** What a pause kept back that began before this process did. */
export interface HeldPause {
  readonly flowName: string;
  readonly applicationId: number;
  /** When the last of it is due, in milliseconds since 1970. */
  readonly until: number;
}

const held = `FROM dispatch d JOIN notification n ON n.id = d.notificationId
  WHERE d.lane = ? AND d.publishedAt IS NULL AND d.dueAt > ? AND d.deadAt IS NULL`;

/** The first that waits for the end of a pause; none that was told itself to wait. Named people come first. */
export async function firstHeld(
  database: Database,
  { flowName, applicationId }: HeldAt,
  now: number,
): Promise<HeldDispatch | undefined> {
  const pushService = pushServiceName(flowName);
  const conditions = ["d.heldBy = 'gate'", 'd.pushService = ?'];
  const values: SqlValue[] = [pushService];
  if (applicationId !== undefined) {
    conditions.push('n.applicationId = ?');
    values.push(applicationId);
  }
  if (hasManyHosts(pushService)) {
    const start = `https://${flowName}/`;
    conditions.push(`EXISTS (SELECT 1 FROM push_subscription s
      WHERE s.id = d.firstSubscriptionId AND SUBSTR(s.endpoint, 1, ?) = ?)`);
    values.push(start.length, start);
  }
  for (const lane of lanes) {
    const [first] = await database.sql.rows<{ id: number; notificationId: number }>(
      `SELECT d.id, d.notificationId ${held} AND ${conditions.join(' AND ')} ORDER BY d.notificationId, d.id LIMIT 1`,
      [lane, now, ...values],
    );
    if (first) return { dispatchId: first.id, notificationId: first.notificationId, lane };
  }
  return undefined;
}

/** @returns ids of those that wait for the end of a pause, or were told to wait, at most so many */
export async function heldIds(
  database: Database,
  of: { pushService: string; applicationId: number | undefined; lane: Lane },
  now: number,
  most: number,
): Promise<number[]> {
  const { pushService, applicationId, lane } = of;
  const application = applicationId === undefined ? '' : 'AND n.applicationId = ?';
  const rows = await database.sql.rows<{ id: number }>(
    `SELECT d.id ${held} AND d.heldBy IS NOT NULL AND d.pushService = ? ${application}
     ORDER BY d.notificationId, d.id LIMIT ${most}`,
    [lane, now, pushService, ...(applicationId === undefined ? [] : [applicationId])],
  );
  return rows.map(({ id }) => id);
}

/** @param laterThan only what waits for longer than a breaker keeps anything back; milliseconds since 1970 */
export async function heldPauses(database: Database, laterThan: number): Promise<HeldPause[]> {
  const found = await Promise.all(
    lanes.map((lane) =>
      database.sql.rows<{ pushService: string; applicationId: number; until: number }>(
        `SELECT d.pushService, n.applicationId, MAX(d.dueAt) AS until ${held} AND d.heldBy = 'gate'
         GROUP BY d.pushService, n.applicationId`,
        [lane, laterThan],
      ),
    ),
  );
  return found.flat().map(({ pushService, applicationId, until }) => ({
    flowName: pushService,
    applicationId: Number(applicationId),
    until: Number(until),
  }));
}
