import { deliveryStatusCode, type TerminalStatus } from '../../model/deliveryStatus';
import type { Lane } from '../../model/lane';
import { hourMs } from '../../model/timeSpans';
import type { Database } from '../openDatabase';
import type { Statement } from '../sql';
import { countSlot } from './countSlot';
import { growCounts } from './growCounts';

/** Deliveries of one notification at one push service that ended alike. */
export interface OutcomeCount {
  readonly pushService: string;
  readonly status: TerminalStatus;
  readonly reason: string;
  readonly deliveries: number;
}

/**
 * The statements that add outcomes to the counts that statistics read, for the transaction that settles the deliveries.
 * @param spread any number, for example a dispatch id: chooses the slot
 */
export function countOutcomes(
  kind: Database['kind'],
  settled: {
    notificationId: number;
    lane: Lane;
    spread: number;
    at: number;
    outcomes: readonly OutcomeCount[];
  },
): Statement[] {
  const slot = countSlot(kind, settled.spread);
  const hour = settled.at - (settled.at % hourMs);
  const { notificationId, lane } = settled;
  return inOrder(settled.outcomes).flatMap(({ pushService, status, reason, deliveries }) => {
    const outcome = [pushService, deliveryStatusCode(status), reason, deliveries];
    const ofHour = {
      text: `INSERT INTO outcome_hour (applicationId, apiKeyId, hour, slot, pushService, status, reason, deliveries)
        SELECT applicationId, apiKeyId, ?, ?, ?, ?, ?, ? FROM notification WHERE id = ? ${growCounts(kind, 'outcome_hour', 'deliveries')}`,
      values: [hour, slot, ...outcome, notificationId],
    };
    const ofBroadcast = {
      text: `INSERT INTO notification_outcome (notificationId, pushService, status, reason, deliveries)
        SELECT id, ?, ?, ?, ? FROM notification WHERE id = ? ${growCounts(kind, 'notification_outcome', 'deliveries')}`,
      values: [...outcome, notificationId],
    };
    return lane === 'bulk' ? [ofHour, ofBroadcast] : [ofHour];
  });
}

/** Everybody locks rows in one order, so that nobody waits in a circle. */
function inOrder(outcomes: readonly OutcomeCount[]): OutcomeCount[] {
  const nameOf = (each: OutcomeCount) => `${each.pushService} ${each.status} ${each.reason}`;
  return outcomes.filter((each) => each.deliveries > 0).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
