/** What a worker does beside its deliveries, from its first round on. */
import { silentLog } from '../../../src/observe/log';
import { createMetrics } from '../../../src/observe/metrics';
import { describeEachInProcess } from '../../support/engines/describeEachInProcess';
import { until } from '../../support/until';

const longAgo = 1_000;

describeEachInProcess('the janitor of a worker', (own) => {
  test('deletes what is past its time, ends what never worked, and reports who is nearly full', async () => {
    const { database } = own.engine;
    const key = await own.engine.vapidPublicKey();
    const register = () => own.engine.register(own.pushService.createUserAgent().subscribe(key));
    const [live, neverWorked, gone] = [await register(), await register(), await register()];
    await database.write((sql) =>
      sql.run('UPDATE push_subscription SET neverAcceptedSince = ?, sendsWithoutAccept = 1 WHERE id = ?', [
        ...[longAgo, neverWorked],
      ]),
    );
    await database.write((sql) =>
      sql.run("UPDATE push_subscription SET retiredAt = ?, retiredReason = 'gone' WHERE id = ?", [
        ...[longAgo, gone],
      ]),
    );
    const warn = jest.fn();
    const metrics = createMetrics();
    // workers take turns: the first round begins after a random part of a minute
    const random = jest.spyOn(Math, 'random').mockReturnValue(0);
    await own.engine.startWorker({
      ...{ metrics, retentionDays: 1, subscriptionsMost: 2 },
      log: Object.assign(Object.create(silentLog), { warn }),
    });
    random.mockRestore();
    const reasons = () =>
      database.sql.rows('SELECT id, retiredReason FROM push_subscription WHERE id <= ? ORDER BY id', [gone]);
    const after = await until(async () => {
      const rows = await reasons();
      return rows.length === 2 ? rows : undefined;
    }, 'what is retired to go');
    expect(after).toEqual([
      { id: live, retiredReason: null },
      { id: neverWorked, retiredReason: 'never-worked' },
    ]);
    expect(warn.mock.calls).toEqual([
      [{ application: expect.any(String), live: 2, most: 2 }, expect.anything()],
    ]);
    const metric = await metrics.registry.getSingleMetricAsString('fanfare_subscriptions_used_ratio');
    expect(metric).toMatch(/ratio 1$/m);
  });
});
