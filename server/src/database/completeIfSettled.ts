import { forgottenContent } from '../model/notificationContent';
import type { Statement } from './sql';

/**
 * A statement that closes a notification once its audience is expanded and every delivery is settled. It ends each
 * transaction that settles deliveries or finishes an expansion, whichever of the two comes last. Where the application
 * wants it so, the content is forgotten in the same moment.
 */
export function completeIfSettled(notificationId: number, now: number): Statement {
  return {
    text: `UPDATE notification
     SET completedAt = ?, status = CASE WHEN status = 'SENDING' THEN 'COMPLETED' ELSE status END,
         content = CASE WHEN EXISTS (SELECT 1 FROM application a
                                     WHERE a.id = notification.applicationId AND a.redactContent = 1)
                        THEN '${forgottenContent}' ELSE content END
     WHERE id = ? AND completedAt IS NULL AND expandDueAt IS NULL AND status IN ('SENDING', 'CANCELLED')
       AND targeted = accepted + gone + rejected + expired + exhausted + cancelled`,
    values: [now, notificationId],
  };
}
