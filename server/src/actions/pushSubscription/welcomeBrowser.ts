import type { NotificationContent } from '../../model/notificationContent';
import type { IntakeDeps } from '../notification/acceptNotification';
import { type SendRequest, storeNotification } from '../notification/storeNotification';

/** As long as a push service keeps a welcome, and as long as no other is sent. */
const oncePerSeconds = 86_400;

/** A browser that has not yet proved to read what it is sent. */
export interface UnverifiedBrowser {
  readonly applicationId: number;
  /** The key it came with: whoever reads what this key sent sees the welcome too. */
  readonly apiKeyId: number;
  readonly subscriptionId: number;
  /** What its application shows to a browser for the first time. */
  readonly welcome: NotificationContent;
}

/**
 * Sends a browser its welcome, whose receipt verifies it. Idempotent: one in a day, and none once it is verified. A
 * process that dies before the commit leaves that to the browser's next visit.
 */
export async function welcomeBrowser(parts: IntakeDeps, browser: UnverifiedBrowser): Promise<void> {
  const { applicationId, apiKeyId, subscriptionId, welcome: content } = browser;
  const now = (parts.now ?? parts.database.now)();
  const request: SendRequest = {
    ...{ applicationId, apiKeyId, content, urgency: 'normal', ttlSeconds: oncePerSeconds },
    audience: { subscriptionIds: [subscriptionId] },
  };
  const stored = await parts.database.sqlTransaction(async (sql) => {
    const { affected } = await sql.run(
      `UPDATE push_subscription SET welcomedAt = ?
       WHERE id = ? AND retiredAt IS NULL AND verifiedAt IS NULL AND (welcomedAt IS NULL OR welcomedAt <= ?)`,
      [now, subscriptionId, now - oncePerSeconds * 1_000],
    );
    return affected > 0 ? storeNotification(sql, parts, request, now) : undefined;
  });
  if (stored) parts.announce(stored.notification.lane, stored.notification.id, stored.dispatchIds);
}
