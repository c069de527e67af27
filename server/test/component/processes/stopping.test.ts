/** A worker that is stopped: what it was about is written down, or back where another worker finds it. */
import { setTimeout as delay } from 'node:timers/promises';
import { describeEachInProcess } from '../../support/engines/describeEachInProcess';
import { until } from '../../support/until';

const slowWriteMs = 500;

describeEachInProcess('a worker that is stopped', (own) => {
  const underWay = async () => {
    const browser = own.pushService.createUserAgent().subscribe(await own.engine.vapidPublicKey());
    const id = await own.engine.register(browser);
    const worker = await own.engine.startWorker();
    await own.engine.send({ audience: { subscriptionIds: [id] } });
    await until(() => own.pushService.stats().activePosts > 0, 'the POST');
    return worker;
  };
  const first = async (statement: string) =>
    (await own.engine.database.sql.rows<Record<string, number | string | null>>(statement))[0];

  test('waits for an answer that comes in time, and until it is written down', async () => {
    own.pushService.script({ delayMs: 300 });
    const worker = await underWay();
    const { database } = own.engine;
    const write = database.sqlTransaction;
    jest.spyOn(database, 'sqlTransaction').mockImplementation(async (work) => {
      await delay(slowWriteMs);
      return write(work);
    });
    await worker.stop(10_000);
    expect(await first('SELECT status, attempts FROM delivery')).toEqual({ status: 1, attempts: 1 });
    expect(await first('SELECT id FROM dispatch')).toBeUndefined();
  });

  test('gives back what has no answer in time, for the next worker to begin at once', async () => {
    own.pushService.script({ stall: true });
    const worker = await underWay();
    await worker.stop(100);
    expect(await first('SELECT status, attempts FROM delivery')).toEqual({ status: 0, attempts: 0 });
    const dispatch = await first('SELECT leaseOwner, dueAt, claims FROM dispatch');
    expect(dispatch).toMatchObject({ leaseOwner: null, claims: 0 });
    expect(Number(dispatch?.dueAt)).toBeLessThanOrEqual(own.engine.database.now());
  });
});
