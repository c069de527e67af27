/** Very many messages to single people wait for a push service that is ill: what they cost all others meanwhile. */
import type { LocalPushService } from '../../src/localPushService/localPushService';
import { startLocalPushService } from '../../src/localPushService/startLocalPushService';
import { describeEachKind } from '../support/engines';
import { type InProcess, startInProcess } from '../support/inProcess';
import { until } from '../support/until';

const people = 200;
const windowMs = 500;
/** One each 10 ms, and those that were in the worker's hands when the push service began to refuse. */
const mostInWindow = 50 + 32;

describeEachKind('messages that wait for an ill push service', (kind) => {
  let pushService: LocalPushService;
  let engine: InProcess;

  beforeEach(async () => {
    pushService = await startLocalPushService();
    engine = await startInProcess(kind, pushService);
  });

  afterEach(async () => {
    await engine.stop();
    await pushService.stop();
  });

  /** When those that are put off come back, in milliseconds since 1970. */
  const dueTimes = async () => {
    const rows = await engine.database.sql.rows<{ dueAt: number }>(
      'SELECT dueAt FROM dispatch WHERE publishedAt IS NULL AND dueAt > ? ORDER BY dueAt',
      [Date.now() + 1_000],
    );
    return rows.map(({ dueAt }) => Number(dueAt));
  };
  const accepted = async () => {
    const [row] = await engine.database.sql.rows<{ size: number }>(
      'SELECT COUNT(*) AS size FROM delivery WHERE status = 1',
    );
    return Number(row?.size);
  };

  test('come back one behind the other, and are all delivered when it is well again', async () => {
    const key = await engine.vapidPublicKey();
    pushService.script({ status: 503, headers: { 'retry-after': '8' } });
    const subscriptionIds: number[] = [];
    for (let person = 0; person < people; person += 1) {
      subscriptionIds.push(await engine.register(pushService.createUserAgent().subscribe(key)));
    }
    await engine.startWorker();
    for (const id of subscriptionIds) await engine.send({ audience: { subscriptionIds: [id] } });
    const putOff = await until(async () => {
      const times = await dueTimes();
      return times.length > people / 2 ? times : undefined;
    }, 'most of them to be put off');
    pushService.clearScripts();
    const inWindow = putOff.map((from) => putOff.filter((at) => at >= from && at < from + windowMs).length);
    expect(Math.max(...inWindow)).toBeLessThanOrEqual(mostInWindow);
    await until(async () => (await accepted()) === people, 'all of them to be accepted', 30_000);
  });
});
