import type { TerminalStatus } from '../model/deliveryStatus';
import type { PlannedNotification } from './notificationPlan';
import type { RandomSource } from './randomSource';
import type { SeededDevice } from './seedSubscriptions';

/** What became of one delivery. */
export interface PlannedOutcome {
  readonly device: SeededDevice;
  readonly status: TerminalStatus;
  readonly reason: string;
  readonly httpStatus: number | null;
  readonly attempts: number;
  readonly acceptedAt: number | null;
  readonly displayedAt: number | null;
  readonly clickedAt: number | null;
  readonly dismissedAt: number | null;
}

const failures: readonly (readonly [
  Pick<PlannedOutcome, 'status' | 'reason' | 'httpStatus' | 'attempts'>,
  number,
])[] = [
  [{ status: 'EXPIRED', reason: 'expired', httpStatus: 429, attempts: 6 }, 6],
  [{ status: 'REJECTED', reason: 'key-mismatch', httpStatus: 403, attempts: 1 }, 5],
  [{ status: 'EXHAUSTED', reason: 'unavailable', httpStatus: 503, attempts: 16 }, 4],
  [{ status: 'EXHAUSTED', reason: 'timeout', httpStatus: null, attempts: 16 }, 2],
];

const never = { acceptedAt: null, displayedAt: null, clickedAt: null, dismissedAt: null };

/** Most get through; single messages are looked at more often than broadcasts. */
export function planOutcome(
  { createdAt, lane }: PlannedNotification,
  device: SeededDevice,
  chance: RandomSource,
): PlannedOutcome {
  const gone = device.retiredAt !== null && device.retiredAt < createdAt;
  if (gone) {
    const answer = { status: 'GONE', reason: 'unknown-subscription', httpStatus: 410, attempts: 1 } as const;
    return { device, ...answer, ...never };
  }
  if (chance.happens(0.017)) return { device, ...chance.weighted(failures), ...never };
  const acceptedAt = createdAt + chance.between(80, 4_000);
  const displayedAt = chance.happens(lane === 'bulk' ? 0.78 : 0.9)
    ? acceptedAt + chance.between(300, 900_000)
    : null;
  const clicked = displayedAt !== null && chance.happens(lane === 'bulk' ? 0.08 : 0.35);
  const dismissed = displayedAt !== null && !clicked && chance.happens(0.3);
  return {
    ...{ device, status: 'ACCEPTED', reason: 'accepted', httpStatus: 201 },
    attempts: chance.happens(0.03) ? 2 : 1,
    acceptedAt,
    displayedAt,
    clickedAt: clicked ? displayedAt + chance.between(1_000, 300_000) : null,
    dismissedAt: dismissed ? displayedAt + chance.between(1_000, 300_000) : null,
  };
}
