import { NearlyFull } from '../../../src/janitor/warnNearlyFull';
import { silentLog } from '../../../src/observe/log';
import { subscribeOne } from '../../support/api/accessWorld';
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import { seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

describeEachDatabase('an application that is nearly full', (database) => {
  let api: ApiServer;

  beforeAll(async () => {
    api = await startApiServer(database());
  });

  afterAll(() => api.stop());

  test('is reported once an hour, and by the metric', async () => {
    const [full, roomy] = [await seedApplication(database()), await seedApplication(database())];
    const warn = jest.fn();
    const log = Object.assign(Object.create(silentLog), { warn });
    const watch = new NearlyFull({ database: database(), log }, 10);
    for (let count = 0; count < 7; count += 1) await subscribeOne(api, full, { userId: 'ada', tags: [] });
    await subscribeOne(api, roomy, { userId: 'ada', tags: [] });
    await watch.check(0);
    expect([watch.fullest, warn.mock.calls.length]).toEqual([0.7, 0]);
    await subscribeOne(api, full, { userId: 'ada', tags: [] });
    for (const now of [1_000, 2_000, 3_600_999]) await watch.check(now);
    expect(warn.mock.calls).toEqual([
      [{ application: expect.any(String), live: 8, most: 10 }, expect.any(String)],
    ]);
    await database().write((sql) =>
      sql.run('UPDATE application SET subscriptionsMost = 8 WHERE id = ?', [full.id]),
    );
    await watch.check(3_601_000);
    expect(warn.mock.calls[1]).toEqual([
      { application: expect.any(String), live: 8, most: 8 },
      expect.stringContaining('has reached'),
    ]);
    expect(watch.fullest).toBe(1);
  });
});
