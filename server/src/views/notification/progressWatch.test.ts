import type { Database } from '../../database/openDatabase';
import type { NotificationRow } from './notificationRow';
import { ProgressWatch } from './progressWatch';

const row = (id: number, accepted = 0) =>
  ({ id, status: 'SENDING', targeted: 9, accepted }) as NotificationRow;

/** A database that knows these rows and counts its queries. */
function fakeDatabase(rows: Map<number, NotificationRow>) {
  const queries: string[] = [];
  const read = async (statement: string) => {
    queries.push(statement);
    return [...rows.values()].map((each) => ({ ...each }));
  };
  return { database: { sql: { rows: read } } as unknown as Database, queries };
}

const isAllowed = async () => true;

describe('watching progress', () => {
  afterEach(() => jest.useRealTimers());

  test('a process has its fill of watchers, and room again when one leaves', async () => {
    const { database } = fakeDatabase(new Map());
    const watch = new ProgressWatch({ database, maxWatchers: 2 });
    const [first] = [watch.watch(row(1)), watch.watch(row(2))];
    expect(() => watch.watch(row(3))).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
    await first?.return?.();
    await first?.return?.();
    expect(watch.watchers).toBe(1);
    watch.watch(row(3));
    expect(watch.watchers).toBe(2);
    watch.stop();
    expect(watch.watchers).toBe(0);
  });

  test('one application leaves room for others', async () => {
    const { database } = fakeDatabase(new Map());
    const watch = new ProgressWatch({ database, maxWatchersPerApplication: 2 });
    const of = (applicationId: number) => watch.watch({ ...row(1), applicationId });
    const [first] = [of(1), of(1)];
    expect(() => of(1)).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
    of(2);
    await first?.return?.();
    of(1);
    expect(() => of(1)).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
    watch.stop();
  });

  test('one query for all watchers, whatever they watch', async () => {
    const rows = new Map([1, 2].map((id) => [id, row(id)]));
    const { database, queries } = fakeDatabase(rows);
    const watch = new ProgressWatch({ database, intervalMs: 5 });
    const watchers = [1, 1, 2].map((id) => watch.watch(row(id), isAllowed));
    await Promise.all(watchers.map((each) => each.next()));
    const changes = watchers.map((each) => each.next());
    rows.set(1, row(1, 5)).set(2, row(2, 7));
    const seen = await Promise.all(changes);
    expect(seen.map((each) => each.value.accepted)).toEqual([5, 5, 7]);
    expect(new Set(queries.map((query) => /IN \((.*)\)/.exec(query)?.[1]))).toEqual(new Set(['1,2']));
    watch.stop();
  });

  test('nothing is asked of the database while nobody watches', async () => {
    jest.useFakeTimers();
    const { database, queries } = fakeDatabase(new Map([[1, row(1)]]));
    const watch = new ProgressWatch({ database });
    expect(jest.getTimerCount()).toBe(0);
    const reader = watch.watch(row(1), isAllowed);
    await jest.advanceTimersByTimeAsync(900);
    expect(queries).toHaveLength(3);
    await reader.return?.();
    await jest.advanceTimersByTimeAsync(900);
    expect(queries).toHaveLength(3);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('a slow reader misses states in between, never the last', async () => {
    const rows = new Map([[1, row(1)]]);
    const { database, queries } = fakeDatabase(rows);
    const watch = new ProgressWatch({ database, intervalMs: 5 });
    const reader = watch.watch(row(1), isAllowed);
    expect((await reader.next()).value.accepted).toBe(0);
    const polled = async (accepted: number) => {
      rows.set(1, row(1, accepted));
      const { length } = queries;
      while (queries.length < length + 2) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    await polled(1);
    await polled(2);
    await polled(3);
    expect((await reader.next()).value.accepted).toBe(3);
    watch.stop();
    expect((await reader.next()).done).toBe(true);
  });

  test('a row that vanishes ends its watch', async () => {
    const { database } = fakeDatabase(new Map());
    const watch = new ProgressWatch({ database, intervalMs: 5 });
    const reader = watch.watch(row(1), isAllowed);
    await reader.next();
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    expect(watch.watchers).toBe(0);
  });

  test('a database that fails is asked again', async () => {
    const rows = new Map([[1, row(1, 4)]]);
    const { database } = fakeDatabase(rows);
    const read = jest.spyOn(database.sql, 'rows').mockRejectedValueOnce(new Error('away'));
    const watch = new ProgressWatch({ database, intervalMs: 5 });
    const reader = watch.watch(row(1), isAllowed);
    await reader.next();
    expect((await reader.next()).value.accepted).toBe(4);
    expect(read.mock.calls.length).toBeGreaterThan(1);
    watch.stop();
  });
});
