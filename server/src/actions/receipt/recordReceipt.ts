import type { Database } from '../../database/openDatabase';

export const receiptEvents = ['DISPLAYED', 'CLICKED', 'DISMISSED'] as const;

/** What a service worker saw happen to a notification. */
export type ReceiptEvent = (typeof receiptEvents)[number];

const columns = {
  DISPLAYED: { time: 'displayedAt', counter: 'displayed' },
  CLICKED: { time: 'clickedAt', counter: 'clicked' },
  DISMISSED: { time: 'dismissedAt', counter: 'dismissed' },
} as const;

/**
 * Notes a receipt, once per delivery and event: a repeated one changes nothing. A click on a notification whose
 * display was never reported counts as displayed too, because one cannot click what is not shown.
 * @returns whether the delivery exists
 */
export async function recordReceipt(
  parts: { database: Database; now?: () => number },
  delivery: { notificationId: number; subscriptionId: number },
  event: ReceiptEvent,
): Promise<boolean> {
  const now = (parts.now ?? parts.database.now)();
  const implied: ReceiptEvent[] = event === 'DISPLAYED' ? ['DISPLAYED'] : ['DISPLAYED', event];
  const { notificationId, subscriptionId } = delivery;
  return parts.database.sqlTransaction(async (sql) => {
    const counted: string[] = [];
    for (const each of implied) {
      const { time, counter } = columns[each];
      const { affected } = await sql.run(
        `UPDATE delivery SET ${time} = ? WHERE notificationId = ? AND subscriptionId = ? AND ${time} IS NULL`,
        [now, notificationId, subscriptionId],
      );
      if (affected > 0) counted.push(`${counter} = ${counter} + 1`);
    }
    if (counted.length > 0) {
      sql.defer(
        {
          text: `UPDATE notification SET ${counted.join(', ')} WHERE id = ?`,
          values: [notificationId],
        },
        // only the worker that decrypted the notification knows the token
        {
          text: `UPDATE push_subscription SET verifiedAt = ? WHERE id = ? AND verifiedAt IS NULL
            AND (unverifiedSince IS NULL OR unverifiedSince <= (SELECT createdAt FROM notification WHERE id = ?))`,
          values: [now, subscriptionId, notificationId],
        },
      );
      return true;
    }
    const found = await sql.rows('SELECT 1 FROM delivery WHERE notificationId = ? AND subscriptionId = ?', [
      notificationId,
      subscriptionId,
    ]);
    return found.length > 0;
  });
}
