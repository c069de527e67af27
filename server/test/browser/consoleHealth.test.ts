import { join } from 'node:path';
import Libsql from 'libsql';
import { describeWith } from '../support/available';
import { until } from '../support/until';
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

  test('shows that it throttles, and until when', async () => {
    await visit.subscribe(30, 'held');
    visit.site.pushService.script({ status: 429, headers: { 'retry-after': '600' } });
    await visit.send({ audience: { tags: { anyOf: ['held'] } }, content: { title: 'Comes later' } });
    await visit.open('/');
    await visit.shows(/throttled, resumes in \d+ (second|minute)s?/i, services);
  });

  test('shows work that was set aside with its reason, and puts it back', async () => {
    const waiting = () =>
      visit.site.call<{ queueHealth: { lanes: { later: number }[] } }>('{ queueHealth { lanes { later } } }');
    await until(
      async () => (await waiting()).queueHealth.lanes.some(({ later }) => later > 0),
      'a dispatch that waits',
    );
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
});
