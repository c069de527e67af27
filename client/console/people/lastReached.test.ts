import { lastReached } from './lastReached';
import type { HistoryEntry } from './useHistory';

/** A delivery to the browser `device`, of which only what counts here is told. */
function entry(device: string, displayedAt: string | null): HistoryEntry {
  const delivery = {
    ...{ id: 'dlv_1', status: 'ACCEPTED' as const, attempts: 1, httpStatus: 201, reason: 'accepted' },
    ...{ pushService: 'fcm', nextAttemptAt: null, acceptedAt: '2026-01-01T00:00:00Z', clickedAt: null },
    ...{ displayedAt, subscription: { id: device } },
  };
  const notification = {
    id: 'ntf_1',
    createdAt: '2026-01-01T00:00:00Z',
    status: 'COMPLETED' as const,
    content: null,
  };
  return { cursor: '1', notification, delivery };
}

describe('when a browser was last reached', () => {
  const history = (data: HistoryEntry[] | undefined, isError = false, hasNextPage = false) => ({
    ...{ data, isError, hasNextPage },
  });
  const displayed = (known: ReturnType<typeof history>) => lastReached(known, 'one', 'displayedAt');

  test('is the newest moment of that browser', () => {
    const known = [
      entry('two', '2026-01-04'),
      entry('one', null),
      entry('one', '2026-01-02'),
      entry('one', '2026-01-01'),
    ];
    expect(displayed(history(known))).toMatchObject({ at: '2026-01-02' });
  });

  test.each([
    ['loads', history(undefined), 'loading …'],
    ['could not be loaded', history(undefined, true), 'unknown'],
    [
      'is there in part',
      history([entry('two', '2026-01-04')], false, true),
      'not among the latest 1 deliveries',
    ],
    ['is there as a whole', history([entry('two', '2026-01-04')]), 'not as far back as is kept'],
    ['is there and failed since', history([], true), 'not as far back as is kept'],
  ])('is told in words where the history %s', (_, known, never) => {
    expect(displayed(known)).toEqual({ at: null, never });
  });
});
