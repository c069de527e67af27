import { dayMs } from '../../model/timeSpans';
import type { Database } from '../openDatabase';
import { idList, type Sql, type Statement } from '../sql';
import { countSlot } from './countSlot';
import { growCounts } from './growCounts';

/*
 * Counts of push subscriptions that come and go, for the transactions that make and end them: `subscription_day`. What
 * came less what went is what lives, exactly, so whatever changes `retiredAt` or deletes a live row counts it here.
 */

type Kind = Database['kind'];

interface Moment {
  readonly at: number;
  /** Any number, for example an id: chooses the slot. */
  readonly spread: number;
}

interface Change extends Moment {
  readonly applicationId: number;
  readonly pushService: string;
}

/** In a statement: how many rows the one before it in the same transaction changed. */
const changedRows = { mysql: 'ROW_COUNT()', sqlite: 'changes()' };

const insert = 'INSERT INTO subscription_day (applicationId, pushService, day, slot, created, retired)';

const grow = (kind: Kind) => growCounts(kind, 'subscription_day', 'created', 'retired');

/** One has come: it is new, or it had ended and lives again. */
export function countCreated(kind: Kind, change: Change, howMany = 1): Statement {
  return counted(kind, change, '?, 0', howMany);
}

/** So many have gone that were live. */
export function countRetired(kind: Kind, change: Change, howMany: number): Statement {
  return counted(kind, change, '0, ?', howMany);
}

/** As many have gone as the statement changed that this one must stand right behind. */
export function countJustRetired(kind: Kind, change: Change): Statement {
  return counted(kind, change, `0, ${changedRows[kind]}`);
}

/**
 * The same for one row.
 * @param row the WHERE clause that finds it, whether or not it was changed
 */
export function countJustRetiredRow(kind: Kind, moment: Moment, row: Statement): Statement {
  return {
    text: `${insert} SELECT applicationId, pushService, ?, ?, 0, ${changedRows[kind]}
      FROM push_subscription WHERE ${row.text} ${grow(kind)}`,
    values: [...placeOf(kind, moment), ...(row.values ?? [])],
  };
}

/** These live ones of an application have gone. */
export function countEachRetired(
  kind: Kind,
  { applicationId, ...moment }: Moment & { readonly applicationId: number },
  gone: readonly { readonly pushService: string }[],
): Statement[] {
  const counts = new Map<string, number>();
  for (const { pushService } of gone) counts.set(pushService, (counts.get(pushService) ?? 0) + 1);
  // everybody locks rows in one order, so that nobody waits in a circle
  const inOrder = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return inOrder.map(([pushService, howMany]) =>
    countRetired(kind, { ...moment, applicationId, pushService }, howMany),
  );
}

/** How many push subscriptions of an application live now. */
export async function liveSubscriptions(sql: Sql, applicationId: number): Promise<number> {
  const [row] = await sql.rows<{ live: number | string | null }>(
    'SELECT SUM(created) - SUM(retired) AS live FROM subscription_day WHERE applicationId = ?',
    [applicationId],
  );
  return Number(row?.live ?? 0);
}

/** The same for several; one without a count has never had any. */
export async function liveByApplication(
  sql: Sql,
  applicationIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (applicationIds.length === 0) return new Map();
  const rows = await sql.rows<{ applicationId: number; live: number | string }>(
    `SELECT applicationId, SUM(created) - SUM(retired) AS live FROM subscription_day
     WHERE applicationId IN (${idList(applicationIds)}) GROUP BY applicationId`,
    [],
  );
  return new Map(rows.map(({ applicationId, live }) => [Number(applicationId), Number(live)]));
}

/** @param counts `created, retired` in SQL; `howMany` stands for its placeholder */
function counted(kind: Kind, change: Change, counts: string, ...howMany: readonly number[]): Statement {
  const { applicationId, pushService } = change;
  return {
    text: `${insert} VALUES (?, ?, ?, ?, ${counts}) ${grow(kind)}`,
    values: [applicationId, pushService, ...placeOf(kind, change), ...howMany],
  };
}

function placeOf(kind: Kind, { at, spread }: Moment): [number, number] {
  return [at - (at % dayMs), countSlot(kind, spread)];
}
