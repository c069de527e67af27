/** Very many messages to single people wait for a push service that is ill: what they cost all others meanwhile. */
import { deliveryStatusCode } from '../../../src/model/deliveryStatus';
import { describeEachInProcess } from '../../support/engines/describeEachInProcess';
import { until } from '../../support/until';

const people = 200;
/** Of the 32 that this worker has in the lane of single messages. */
const placesOfOne = 24;
const windowMs = 500;
/** One each 100 ms, and those that were in the worker's hands when the push service began to refuse. */
const mostInWindow = 5 + 32;

describeEachInProcess('messages that wait for an ill push service', (own) => {
  /** When those that are put off come back, in milliseconds since 1970. */
  const putOffTimes = async (leastMs: number) => {
    const rows = await own.engine.database.sql.rows<{ dueAt: number }>(
      'SELECT dueAt FROM dispatch WHERE publishedAt IS NULL AND dueAt > ? ORDER BY dueAt',
      [Date.now() + leastMs],
    );
    return rows.map(({ dueAt }) => Number(dueAt));
  };
  const mostWithin = (times: number[]) =>
    Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length));
  const comeTooLate = () =>
    own.engine.database.sql.rows(
      'SELECT d.id FROM dispatch d JOIN notification n ON n.id = d.notificationId WHERE d.dueAt > n.deadlineAt',
    );
  const accepted = async () => {
    const [row] = await own.engine.database.sql.rows<{ size: number }>(
      'SELECT COUNT(*) AS size FROM delivery WHERE status = 1',
    );
    return Number(row?.size);
  };

  const subscribe = async (count: number) => {
    const key = await own.engine.vapidPublicKey();
    const ids: number[] = [];
    while (ids.length < count) {
      ids.push(await own.engine.register(own.pushService.createUserAgent().subscribe(key)));
    }
    return ids;
  };
  const statuses = async () => {
    const rows = await own.engine.database.sql.rows<{ status: number; size: number }>(
      'SELECT status, COUNT(*) AS size FROM delivery GROUP BY status',
    );
    const sizes = new Map(rows.map(({ status, size }) => [Number(status), Number(size)]));
    return { pending: sizes.get(0) ?? 0, expired: sizes.get(deliveryStatusCode('EXPIRED')) ?? 0 };
  };

  test('expire in time although the lane has no place for them, and make no hot loop', async () => {
    const subscriptionIds = await subscribe(placesOfOne + 20);
    own.pushService.script({ stall: true });
    await own.engine.startWorker();
    for (const id of subscriptionIds) {
      await own.engine.send({ audience: { subscriptionIds: [id] }, ttlSeconds: 3 });
    }
    const published = jest.spyOn(own.engine.queue, 'publish');
    const { pending } = await until(async () => {
      expect(await comeTooLate()).toEqual([]);
      const now = await statuses();
      return now.expired >= 20 ? now : undefined;
    }, 'those without a place to expire');
    // their POSTs have not timed out yet
    expect(pending).toBe(placesOfOne);
    expect(published.mock.calls.flatMap(([, messages]) => messages).length).toBeLessThan(200);
    own.pushService.clearScripts();
  });

  test('come back one behind the other also when they only found no place', async () => {
    own.pushService.script({ stall: true });
    const withoutPlace = people - placesOfOne;
    for (const id of await subscribe(people)) await own.engine.send({ audience: { subscriptionIds: [id] } });
    await own.engine.startWorker();
    const dueTimes = await until(async () => {
      const times = await putOffTimes(0);
      return times.length >= withoutPlace * 0.75 ? times : undefined;
    }, 'most of them to be put off');
    expect(mostWithin(dueTimes)).toBeLessThanOrEqual(mostInWindow);
  });

  test('come back one behind the other, and are all delivered when it is well again', async () => {
    own.pushService.script({ status: 503, headers: { 'retry-after': '8' } });
    const subscriptionIds = await subscribe(people);
    await own.engine.startWorker();
    for (const id of subscriptionIds) await own.engine.send({ audience: { subscriptionIds: [id] } });
    const putOff = await until(async () => {
      const times = await putOffTimes(1_000);
      return times.length > people / 2 ? times : undefined;
    }, 'most of them to be put off');
    own.pushService.clearScripts();
    expect(mostWithin(putOff)).toBeLessThanOrEqual(mostInWindow);
    await until(async () => (await accepted()) === people, 'all of them to be accepted', 30_000);
  });
});
