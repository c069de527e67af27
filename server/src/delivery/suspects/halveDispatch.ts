import { deathsOfSuspect } from '../../database/countDeath';
import type { Database } from '../../database/openDatabase';
import type { ClaimedDispatch } from '../claimDispatch';

const pendingIds = `SELECT d.subscriptionId AS id FROM dispatch p
  JOIN delivery d ON d.notificationId = p.notificationId AND d.dispatchId = p.id AND d.status = 0
    AND d.subscriptionId BETWEEN p.firstSubscriptionId AND p.lastSubscriptionId
  WHERE p.id = ? AND p.leaseOwner = ? ORDER BY d.subscriptionId`;

/**
 * Splits a claimed dispatch into two suspects, each with half of its pending deliveries, and gives both back.
 * @returns the subscription ids of its pending deliveries; with fewer than two of them, nothing was changed
 */
export async function halveDispatch(
  database: Database,
  { id, notificationId, lane, pushService }: ClaimedDispatch,
  { owner, dueAt }: { owner: string; dueAt: number },
): Promise<number[]> {
  return database.sqlTransaction(async (sql) => {
    const ids = (await sql.rows<{ id: number }>(pendingIds, [id, owner])).map((row) => row.id);
    const middle = Math.floor(ids.length / 2);
    const [first, before, from, last] = [ids[0], ids[middle - 1], ids[middle], ids.at(-1)];
    if (first === undefined || before === undefined || from === undefined || last === undefined) return ids;
    const { affected } = await sql.run(
      `UPDATE dispatch SET firstSubscriptionId = ?, lastSubscriptionId = ?, deaths = ?, isAlone = 0,
         claims = claims - 1, leaseOwner = NULL, leaseUntil = NULL, publishedAt = NULL, dueAt = ?
       WHERE id = ? AND leaseOwner = ?`,
      [first, before, deathsOfSuspect, dueAt, id, owner],
    );
    if (affected === 0) return ids;
    const { insertId } = await sql.run(
      `INSERT INTO dispatch (notificationId, lane, pushService, firstSubscriptionId, lastSubscriptionId, dueAt, deaths)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [notificationId, lane, pushService, from, last, dueAt, deathsOfSuspect],
    );
    await sql.run(
      `UPDATE delivery SET dispatchId = ?
       WHERE notificationId = ? AND subscriptionId BETWEEN ? AND ? AND dispatchId = ? AND status = 0`,
      [insertId, notificationId, from, last, id],
    );
    return ids;
  });
}
