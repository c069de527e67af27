/** What workers say of their push services, for the API to read. */
import { PushServiceGates } from '../../src/delivery/pushServiceGate';
import { reportGates } from '../../src/delivery/reportGates';
import { silentLog } from '../../src/observe/log';
import { pushServiceHealth } from '../../src/status/pushServiceHealth';
import { describeEachDatabase } from '../support/engines';
import { until } from '../support/until';

describeEachDatabase('what a worker says of its push services', (database) => {
  const read = () => pushServiceHealth(database(), Date.now());

  test('is what its gates say, of however many, and is taken back at the end', async () => {
    const gates = new PushServiceGates();
    const names = Array.from({ length: 50 }, (_, index) => `host-${index}.example.org`);
    for (const name of names) gates.of(name);
    const reporter = reportGates({ database: database(), gates, worker: 'one', log: silentLog });
    gates.of('host-7.example.org').enter('bulk', Date.now());
    reporter.onAttempt('host-7.example.org');
    const told = await until(async () => {
      const rows = await read();
      return rows.length === names.length ? rows : undefined;
    }, 'every push service');
    expect(told.map(({ pushService }) => pushService).sort()).toEqual([...names].sort());
    const busy = told.filter(({ underWay }) => underWay > 0);
    expect(busy).toMatchObject([
      { pushService: 'host-7.example.org', state: 'closed', underWay: 1, workers: 1 },
    ]);
    expect(busy[0]?.attemptsPerMinute).toBeGreaterThan(0);
    gates.of('host-7.example.org').leave('accepted', Date.now());
    await until(async () => (await read()).every(({ underWay }) => underWay === 0), 'the change');
    await reporter.stop();
    expect(await read()).toEqual([]);
  });
});
