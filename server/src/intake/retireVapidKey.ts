import { IsNull } from 'typeorm';
import { VapidKey } from '../database/entities/vapidKey';
import type { Database } from '../database/openDatabase';
import { idList } from '../database/sql';
import { Refusal } from '../model/refusal';
import { currentVapidKey } from './currentVapidKey';

const stepRows = 1_000;

/**
 * Ends an old application server key. Without `force` only when no live push subscription was made with it; with
 * `force` those that are left retire, in steps. Idempotent.
 * @throws Refusal NOT_FOUND, or BAD_USER_INPUT for the current key and for one that is still in use
 */
export async function retireVapidKey(
  parts: { database: Database; now?: () => number },
  applicationId: number,
  publicKey: string,
  force: boolean,
): Promise<void> {
  const { database } = parts;
  const now = (parts.now ?? Date.now)();
  const key = await database.entities.findOneBy(VapidKey, { applicationId, publicKey });
  if (!key) throw new Refusal('NOT_FOUND', 'The application has no such key.', ['publicKey']);
  if (key.id === (await currentVapidKey(database, applicationId)).id) {
    throw refused('This is the current key: rotate it first.');
  }
  if (!force && (await subscriptionsOf(database, key, 1)).length > 0) {
    throw refused('Push subscriptions still use this key: wait until none does, or force it.');
  }
  // first the key, so that nobody subscribes with it while the last ones go
  await database.transaction((tx) =>
    tx.entities.update(VapidKey, { id: key.id, retiredAt: IsNull() }, { retiredAt: now }),
  );
  if (force) await retireSubscriptions(database, key, now);
}

async function retireSubscriptions(database: Database, key: VapidKey, now: number): Promise<void> {
  for (;;) {
    const ids = await subscriptionsOf(database, key, stepRows);
    if (ids.length === 0) return;
    await database.write((sql) =>
      sql.run(
        `UPDATE push_subscription SET retiredAt = ?, retiredReason = 'vapid-key-retired'
         WHERE id IN (${idList(ids)}) AND vapidKeyId = ? AND retiredAt IS NULL`,
        [now, key.id],
      ),
    );
  }
}

async function subscriptionsOf(database: Database, key: VapidKey, most: number): Promise<number[]> {
  const rows = await database.sql.rows<{ id: number }>(
    `SELECT id FROM push_subscription
     WHERE applicationId = ? AND vapidKeyId = ? AND retiredAt IS NULL LIMIT ${most}`,
    [key.applicationId, key.id],
  );
  return rows.map((row) => row.id);
}

function refused(message: string): Refusal {
  return new Refusal('BAD_USER_INPUT', message, ['publicKey']);
}
