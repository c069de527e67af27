import { join } from 'node:path';
import Libsql from 'libsql';
import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { ConsoleVisit } from './consoleVisit';

describeWith('chromium', 'The overview beside a push service in trouble', () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, 120_000);

  afterAll(() => visit?.close());

  const services = '[aria-label="Health of the push services, in a table"]';
  const setAside = '[aria-label="Work that was set aside"]';

  /** What ten failed tries would do to the dispatch that waits, which take minutes. */
  const setWaitingAside = () => {
    const database = new Libsql(join(visit.site.dataDir, 'fanfare.db'));
    database.pragma('busy_timeout = 5000');
    const { changes } = database
      .prepare("UPDATE dispatch SET deadAt = ?, deadReason = 'begun 10 times and never finished'")
      .run(Date.now());
    database.close();
    return changes;
  };

  const lanes = async () =>
    (
      await visit.site.call<{ queueHealth: { lanes: { later: number; dead: number }[] } }>(
        '{ queueHealth { lanes { later dead } } }',
      )
    ).queueHealth.lanes;

  test('shows that it throttles, and until when', async () => {
    await visit.subscribe(30, 'held');
    visit.site.pushService.script({ status: 429, headers: { 'retry-after': '600' } });
    await visit.send({ audience: { tags: { anyOf: ['held'] } }, content: { title: 'Comes later' } });
    await visit.open('/');
    await visit.shows(/throttled, resumes in \d+ (second|minute)s?/i, services);
  });

  test('ends the pause by hand, and what still gets no answer is paused again', async () => {
    const posts = visit.site.pushService.stats().posts;
    await visit.click('Resume now');
    await visit.click('End the pause');
    await until(() => visit.site.pushService.stats().posts >= posts + 10, 'enough to be tried', 20_000);
    await visit.shows(/throttled, resumes in \d+ (second|minute)s?/i, services);
  });

  test('shows work that was set aside with its reason, and puts it back', async () => {
    await until(async () => (await lanes()).some(({ later }) => later > 0), 'a dispatch that waits');
    expect(setWaitingAside()).toBeGreaterThan(0);
    await visit.open('/');
    await visit.shows('begun 10 times and never finished', setAside);
    await visit.click('Try again');
    await until(async () => !(await visit.text()).includes('Some work was set aside'), 'it to go on', 20_000);
    const { deadDispatches } = await visit.site.call<{ deadDispatches: { edges: unknown[] } }>(
      '{ deadDispatches { edges { node { id } } } }',
    );
    expect(deadDispatches.edges).toEqual([]);
  });

  test('puts all of it back at once', async () => {
    for (const title of ['First', 'Second']) {
      await visit.send({ audience: { tags: { anyOf: ['held'] } }, content: { title } });
    }
    await until(async () => (await lanes()).reduce((sum, { later }) => sum + later, 0) >= 3, 'what waits');
    expect(setWaitingAside()).toBeGreaterThanOrEqual(3);
    await visit.open('/');
    await visit.shows('begun 10 times and never finished', setAside);
    const before = (await visit.page.$$(`${setAside} tbody tr`)).length;
    expect(before).toBeGreaterThanOrEqual(3);
    await visit.click('Try all again');
    await until(
      async () => !(await visit.text()).includes('Some work was set aside'),
      'all to go on',
      20_000,
    );
    const left = await lanes();
    expect(left.reduce((sum, { dead }) => sum + dead, 0)).toBe(0);
    // none is lost: the push service goes on throttling, so each waits again
    await until(
      async () => (await lanes()).reduce((sum, { later }) => sum + later, 0) >= before,
      'each to wait again',
    );
  });
});
