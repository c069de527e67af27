import { deliveryStatusCode, type TerminalStatus } from '../model/deliveryStatus';
import type { Database, Transaction } from './openDatabase';

/** Deliveries of one notification at one push service that ended alike. */
export interface OutcomeCount {
  readonly pushService: string;
  readonly status: TerminalStatus;
  readonly reason: string;
  readonly deliveries: number;
}

export const hourMs = 3_600_000;

/** Concurrent settlements of one hour wait for one row only when they share its slot. */
const slots = 8;

/**
 * Adds outcomes to the counts that statistics read; to be called in the transaction that settles the deliveries.
 * @param spread any number, for example a dispatch id: chooses the slot
 */
export async function countOutcomes(
  tx: Transaction,
  kind: Database['kind'],
  settled: { notificationId: number; spread: number; at: number; outcomes: readonly OutcomeCount[] },
): Promise<void> {
  const grow =
    kind === 'mysql'
      ? 'ON DUPLICATE KEY UPDATE deliveries = deliveries + VALUES(deliveries)'
      : 'ON CONFLICT DO UPDATE SET deliveries = deliveries + excluded.deliveries';
  const slot = kind === 'mysql' ? settled.spread % slots : 0;
  const hour = settled.at - (settled.at % hourMs);
  for (const { pushService, status, reason, deliveries } of inOrder(settled.outcomes)) {
    const outcome = [pushService, deliveryStatusCode(status), reason, deliveries];
    await tx.sql.run(
      `INSERT INTO outcome_hour (applicationId, apiKeyId, hour, slot, pushService, status, reason, deliveries)
       SELECT applicationId, apiKeyId, ?, ?, ?, ?, ?, ? FROM notification WHERE id = ? ${grow}`,
      [hour, slot, ...outcome, settled.notificationId],
    );
    await tx.sql.run(
      `INSERT INTO notification_outcome (notificationId, pushService, status, reason, deliveries)
       SELECT id, ?, ?, ?, ? FROM notification WHERE id = ? AND lane = 'bulk' ${grow}`,
      [...outcome, settled.notificationId],
    );
  }
}

/** Everybody locks rows in one order, so that nobody waits in a circle. */
function inOrder(outcomes: readonly OutcomeCount[]): OutcomeCount[] {
  const nameOf = (each: OutcomeCount) => `${each.pushService} ${each.status} ${each.reason}`;
  return outcomes.filter((each) => each.deliveries > 0).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
