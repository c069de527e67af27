import type { NotificationStatus } from '../graphql/operations';

interface Progress {
  readonly status: NotificationStatus;
  readonly createdAt: string;
  readonly sendAt: string | null;
  readonly progress: { readonly pending: number };
}

const dayMs = 86_400_000;

/** Whether deliveries of a notification are being settled; after a cancellation too, until the last one is back. */
export function isMoving({ status, progress }: Pick<Progress, 'status' | 'progress'>): boolean {
  return status === 'SENDING' || progress.pending > 0;
}

/**
 * Milliseconds until a notification is looked at anew: soon while it moves, now and then while receipts come, seldom
 * when it is so old that few come.
 */
export function refreshMs(notification: Progress, now = Date.now()): number {
  if (isMoving(notification)) return 3_000;
  const begun = Date.parse(notification.sendAt ?? notification.createdAt);
  return now - begun < 2 * dayMs ? 10_000 : 60_000;
}
