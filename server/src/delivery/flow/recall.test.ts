import type { Lane } from '../../model/lane';
import { silentLog } from '../../observe/log';
import type { DispatchMessage } from '../../queue/dispatchQueue';
import { Comebacks } from './comebacks';
import { LaneShares } from './laneShares';
import { PushServiceGates } from './pushServiceGates';
import { Recall, type RecallDeps } from './recall';

const lane: Lane = 'transactional';
const service = 'push.example.org';
const prefetch = { transactional: 16, bulk: 4 };
/** Three quarters. */
const places = 12;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A line of dispatches that would come in an hour, and what is called of it. */
function lineOf(length: number) {
  const [comebacks, shares, gates] = [
    new Comebacks(Date.now),
    new LaneShares(prefetch),
    new PushServiceGates(Date.now),
  ];
  for (let id = 1; id <= length; id += 1) {
    const at = comebacks.next(lane, service, Date.now() + 3_600_000, Number.MAX_SAFE_INTEGER);
    comebacks.waits({ id, notificationId: id, lane }, service, at);
  }
  const published: number[][] = [];
  const written: string[] = [];
  const state = { stopping: false, databaseIsAway: false };
  const database = {
    write: async () => {
      if (state.databaseIsAway) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
      written.push('hastened');
    },
  } as unknown as RecallDeps['database'];
  const recall = new Recall({
    ...{ database, comebacks, gates, shares, log: silentLog, now: Date.now },
    publish: async (_, messages: readonly DispatchMessage[]) => {
      expect(written.length).toBe(published.length + 1);
      published.push(messages.map(({ dispatchId }) => dispatchId));
    },
    stopping: () => state.stopping,
  });
  return { recall, shares, gates, published, state };
}

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

test('those who wait are called a few at a time, the first of the line first, until all have come', async () => {
  const { recall, published } = lineOf(14);
  recall.begin(lane, service);
  // begun twice is begun once
  recall.begin(lane, service);
  await pass(0);
  expect(published).toEqual([[1]]);
  await pass(59);
  expect(published).toEqual([[1], [2, 3], [4, 5, 6]]);
  await pass(1_000);
  expect(published.slice(3)).toEqual([
    [7, 8, 9, 10],
    [11, 12, 13, 14],
  ]);
  await recall.ended();
});

test('nobody is called while the gate is shut, and all wait again when it shuts meanwhile', async () => {
  const { recall, gates, published } = lineOf(40);
  const gate = gates.of(service);
  const refuse = (times: number) => {
    for (let count = 0; count < times; count += 1) {
      void gate.enter(lane, Date.now());
      gate.leave('transient', Date.now());
    }
  };
  recall.begin(lane, service);
  await pass(30);
  refuse(10);
  await pass(1_000);
  await recall.ended();
  expect(published.flat()).toEqual([1, 2, 3]);
  recall.begin(lane, service);
  await pass(1_000);
  expect(published.flat()).toHaveLength(3);
});

test('no more are called than there are places for', async () => {
  const { recall, shares, published } = lineOf(40);
  for (let held = 0; held < places; held += 1) void shares.enter(lane, service);
  recall.begin(lane, service);
  await pass(500);
  expect(published).toEqual([]);
  shares.leave(lane, service, 1);
  await pass(20);
  expect(published).toEqual([[1]]);
});

test('a shutdown ends it', async () => {
  const { recall, published, state } = lineOf(40);
  recall.begin(lane, service);
  await pass(30);
  state.stopping = true;
  await pass(20);
  await recall.ended();
  expect(published.flat()).toEqual([1, 2, 3]);
});

test('whom a database that is away keeps from being called comes at the time that was set', async () => {
  const { recall, published, state } = lineOf(3);
  state.databaseIsAway = true;
  recall.begin(lane, service);
  await pass(10);
  state.databaseIsAway = false;
  await pass(1_000);
  await recall.ended();
  expect(published).toEqual([[2, 3]]);
});
