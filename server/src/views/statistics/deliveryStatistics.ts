import type { Database } from '../../database/openDatabase';
import type { SqlValue } from '../../database/sql';
import { type DeliveryStatus, deliveryStatusOf } from '../../model/deliveryStatus';
import type { NotificationView } from '../notification/listNotifications';

/** Deliveries that ended alike at one push service. */
export interface OutcomeRow {
  readonly pushService: string;
  readonly status: DeliveryStatus;
  readonly reason: string;
  readonly deliveries: number;
}

/** What happened from `at` on, until the next point. */
export interface DeliveryPoint {
  readonly at: number;
  readonly notifications: number;
  readonly settled: Readonly<Partial<Record<DeliveryStatus, number>>>;
}

export interface DeliveryPeriod {
  /** Both in milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
  /** Length of a point: an hour or a day (UTC). */
  readonly bucketMs: number;
}

/** Notifications made and deliveries settled in a period, one point for each bucket, empty ones included. */
export async function deliveryPoints(
  database: Database,
  view: NotificationView,
  period: DeliveryPeriod,
): Promise<DeliveryPoint[]> {
  const [made, settled] = await Promise.all([
    countNotifications(database, view, period),
    countSettled(database, view, period),
  ]);
  const points: DeliveryPoint[] = [];
  for (let at = floor(period.since, period.bucketMs); at < period.until; at += period.bucketMs) {
    points.push({ at, notifications: made.get(at) ?? 0, settled: settled.get(at) ?? {} });
  }
  return points;
}

/** Why deliveries of a period ended as they did, by push service, the most frequent first. */
export async function deliveryOutcomes(
  database: Database,
  view: NotificationView,
  period: DeliveryPeriod,
): Promise<OutcomeRow[]> {
  const { counted, values } = countsOf(view, period);
  const rows = await database.sql.rows<CountedOutcome>(
    `SELECT pushService, status, reason, SUM(deliveries) AS deliveries FROM (${counted}) page
     GROUP BY pushService, status, reason ORDER BY 4 DESC`,
    values,
  );
  return rows.map(toOutcomeRow);
}

/** A row as the drivers give it: MySQL answers sums as text. */
export interface CountedOutcome {
  readonly pushService: string;
  readonly status: number;
  readonly reason: string;
  readonly deliveries: number | string;
}

export function toOutcomeRow(row: CountedOutcome): OutcomeRow {
  const { pushService, reason, status, deliveries } = row;
  return { pushService, reason, status: deliveryStatusOf(status), deliveries: Number(deliveries) };
}

async function countNotifications(
  database: Database,
  { applicationId, apiKeyId }: NotificationView,
  { since, until, bucketMs }: DeliveryPeriod,
): Promise<Map<number, number>> {
  const ownOnly = apiKeyId === undefined ? '' : 'AND apiKeyId = ?';
  const rows = await database.sql.rows<{ at: number; size: number }>(
    `SELECT createdAt - createdAt % ${bucketMs} AS at, COUNT(*) AS size FROM notification
     WHERE applicationId = ? AND createdAt >= ? AND createdAt < ? ${ownOnly} GROUP BY 1`,
    [applicationId, floor(since, bucketMs), until, ...(apiKeyId === undefined ? [] : [apiKeyId])],
  );
  return new Map(rows.map(({ at, size }) => [Number(at), Number(size)]));
}

async function countSettled(
  database: Database,
  view: NotificationView,
  period: DeliveryPeriod,
): Promise<Map<number, Partial<Record<DeliveryStatus, number>>>> {
  const { counted, values } = countsOf(view, period);
  const rows = await database.sql.rows<{ at: number; status: number; deliveries: number | string }>(
    `SELECT began - began % ${period.bucketMs} AS at, status, SUM(deliveries) AS deliveries FROM (${counted}) page
     GROUP BY 1, status`,
    values,
  );
  const points = new Map<number, Partial<Record<DeliveryStatus, number>>>();
  for (const { at, status, deliveries } of rows) {
    points.set(Number(at), {
      ...points.get(Number(at)),
      [deliveryStatusOf(status)]: Number(deliveries),
    });
  }
  return points;
}

/** What was counted in a period: by the hour lately, by the day before that (UTC), never by both. */
function countsOf(
  { applicationId, apiKeyId }: NotificationView,
  { since, until, bucketMs }: DeliveryPeriod,
): { counted: string; values: SqlValue[] } {
  const ownOnly = apiKeyId === undefined ? '' : 'AND apiKeyId = ?';
  const parts = ['hour', 'day'].map(
    (unit) =>
      `SELECT ${unit} AS began, pushService, status, reason, deliveries FROM outcome_${unit}
       WHERE applicationId = ? AND ${unit} >= ? AND ${unit} < ? ${ownOnly}`,
  );
  const values = [
    applicationId,
    floor(since, bucketMs),
    until,
    ...(apiKeyId === undefined ? [] : [apiKeyId]),
  ];
  return { counted: parts.join(' UNION ALL '), values: [...values, ...values] };
}

function floor(at: number, bucketMs: number): number {
  return at - (at % bucketMs);
}
