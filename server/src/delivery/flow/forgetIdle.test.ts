import { Comebacks } from './comebacks';
import { forgetIdle } from './forgetIdle';
import { KeyHolds } from './keyHolds';
import { LaneShares } from './laneShares';
import { PushServiceGates } from './pushServiceGates';

/** More push services than anything is kept of. */
const very = Array.from({ length: 3_000 }, (_, index) => `host-${index}.example.org`);
const first = 'first.example.org';

test('of very many those go that are idle, and only when there is no room', () => {
  const kept = new Map(Array.from({ length: 1_000 }, (_, index) => [String(index), index % 2]));
  kept.delete('0');
  forgetIdle(kept, (value) => value === 0);
  expect(kept.size).toBe(999);
  kept.set('0', 0);
  forgetIdle(kept, (value) => value === 0);
  expect(kept.size).toBe(500);
});

test('gates are kept where POSTs are under way or a breaker is open', () => {
  const gates = new PushServiceGates(Date.now);
  const busy = gates.of(first);
  busy.enter('bulk', Date.now());
  const open = gates.of('open.example.org');
  for (let count = 0; count < 10; count += 1) {
    open.enter('bulk', Date.now());
    open.leave('transient', Date.now(), 60_000);
  }
  for (const name of very) gates.of(name);
  expect([...gates.entries()].length).toBeLessThanOrEqual(1_000);
  expect(gates.of(first)).toBe(busy);
  expect(gates.of('open.example.org')).toBe(open);
});

test('places in a lane are kept while they are held', () => {
  const shares = new LaneShares({ transactional: 4, bulk: 4 });
  for (let count = 0; count < 3; count += 1) shares.enter('bulk', first);
  for (const name of very) {
    shares.enter('bulk', name);
    shares.leave('bulk', name, 1);
  }
  shares.leave('bulk', first, 600_000);
  expect(shares.enter('bulk', first)).toBe(true);
  expect(shares.enter('bulk', first)).toBe('stuck');
});

test('a line of dispatches that come back is kept until its end', () => {
  const comebacks = new Comebacks(Date.now);
  const soon = Date.now() + 60_000;
  const wait = (pushService: string, earliest: number) =>
    comebacks.next('bulk', pushService, earliest, Number.MAX_SAFE_INTEGER);
  wait(first, soon);
  for (const name of very) wait(name, 1);
  expect(wait(first, soon)).toBe(soon + 100);
});

test('a key stays held', () => {
  const holds = new KeyHolds(() => undefined);
  const use = { vapidKeyId: 1, flowName: '', subscriptionId: 1, everAccepted: true };
  for (let id = 0; id < 5; id += 1) holds.refused({ ...use, flowName: first, subscriptionId: id }, 1_000);
  for (const name of very) holds.refused({ ...use, flowName: name }, 1_000);
  expect(holds.held(1_000)).toEqual([first]);
});
