import type { NotificationStatus } from '../graphql/operations';
import { isMoving, refreshMs } from './refreshMs';

const now = Date.UTC(2026, 0, 10);
const notification = (status: NotificationStatus, pending: number, createdAt: string, sendAt?: string) => ({
  ...{ status, createdAt, sendAt: sendAt ?? null, progress: { pending } },
});

describe('how soon a notification is looked at anew', () => {
  test.each([
    ['that is being sent', 'SENDING', 0, '2026-01-09T23:00:00Z', undefined, 3_000],
    ['that was cancelled with work in flight', 'CANCELLED', 2, '2026-01-09T23:00:00Z', undefined, 3_000],
    ['that is complete', 'COMPLETED', 0, '2026-01-09T23:00:00Z', undefined, 10_000],
    ['that waits for its time', 'SCHEDULED', 0, '2025-12-01T00:00:00Z', '2026-01-11T00:00:00Z', 10_000],
    ['that is complete for days', 'COMPLETED', 0, '2026-01-01T00:00:00Z', undefined, 60_000],
    [
      'of last month that was sent today',
      'COMPLETED',
      0,
      '2025-12-01T00:00:00Z',
      '2026-01-09T12:00:00Z',
      10_000,
    ],
  ] as const)('one %s', (_, status, pending, createdAt, sendAt, ms) => {
    expect(refreshMs(notification(status, pending, createdAt, sendAt), now)).toBe(ms);
  });

  test('it moves until nothing is pending, however it ends', () => {
    expect(isMoving(notification('CANCELLED', 1, ''))).toBe(true);
    expect(isMoving(notification('CANCELLED', 0, ''))).toBe(false);
    expect(isMoving(notification('COMPLETED', 0, ''))).toBe(false);
  });
});
