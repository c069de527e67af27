import { IsNull } from 'typeorm';
import { countEachRetired } from '../../database/counts/countSubscriptions';
import { VapidKey } from '../../database/entities/vapidKey';
import { byVapidKey } from '../../database/indexHints';
import type { Database } from '../../database/openDatabase';
import { idList, type Sql } from '../../database/sql';
import { Refusal } from '../../model/refusal';
import { currentVapidKey } from './currentVapidKey';

const stepRows = 1_000;

/**
 * Ends an old application server key. Without `force` only when no live push subscription was made with it; with
 * `force` those that are left retire, in steps. Idempotent.
 * @returns whether the key, or a push subscription, was live until now
 * @throws Refusal NOT_FOUND, or BAD_USER_INPUT for the current key and for one that is still in use
 */
export async function retireVapidKey(
  parts: { database: Database; now?: () => number },
  applicationId: number,
  publicKey: string,
  force: boolean,
): Promise<boolean> {
  const { database } = parts;
  const now = (parts.now ?? parts.database.now)();
  const key = await database.entities.findOneBy(VapidKey, { applicationId, publicKey });
  if (!key) throw new Refusal('NOT_FOUND', 'The application has no such key.', ['publicKey']);
  if (key.id === (await currentVapidKey(database, applicationId)).id) {
    throw refused('This is the current key: rotate it first.');
  }
  if (!force && (await subscriptionsOf(database.sql, key, 1)).length > 0) {
    throw refused('Push subscriptions still use this key: wait until none does, or force it.');
  }
  // first the key, so that nobody subscribes with it while the last ones go
  const { affected } = await database.transaction((tx) =>
    tx.entities.update(VapidKey, { id: key.id, retiredAt: IsNull() }, { retiredAt: now }),
  );
  const retired = force ? await retireSubscriptionsOf(database, key, now) : 0;
  return affected !== 0 || retired > 0;
}

/**
 * Retires the live push subscriptions that were made with a key, in steps.
 * @returns how many there were
 */
export async function retireSubscriptionsOf(
  database: Database,
  key: Pick<VapidKey, 'id' | 'applicationId'>,
  now: number,
): Promise<number> {
  const { kind } = database;
  const { applicationId } = key;
  const retireSome = () =>
    database.sqlTransaction(async (sql) => {
      const rows = await subscriptionsOf(sql, key, stepRows, kind === 'mysql' ? 'FOR UPDATE' : '');
      if (rows.length === 0) return 0;
      const text = `UPDATE push_subscription SET retiredAt = ?, retiredReason = 'vapid-key-retired'
        WHERE id IN (${idList(rows.map(({ id }) => id))})`;
      sql.defer(
        { text, values: [now] },
        ...countEachRetired(kind, { applicationId, at: now, spread: key.id }, rows),
      );
      return rows.length;
    });
  let retired = 0;
  for (let some = await retireSome(); some > 0; some = await retireSome()) retired += some;
  return retired;
}

function subscriptionsOf(
  sql: Sql,
  { id }: Pick<VapidKey, 'id'>,
  most: number,
  lock = '',
): Promise<{ id: number; pushService: string }[]> {
  return sql.rows(
    `SELECT id, pushService FROM push_subscription ${byVapidKey}
     WHERE vapidKeyId = ? AND retiredAt IS NULL LIMIT ${most} ${lock}`,
    [id],
  );
}

function refused(message: string): Refusal {
  return new Refusal('BAD_USER_INPUT', message, ['publicKey']);
}
