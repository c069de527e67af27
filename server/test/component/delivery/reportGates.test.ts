/** What workers say of their push services, for the API to read. */

import { registerPushSubscription } from '../../../src/actions/pushSubscription/registerPushSubscription';
import type { Database } from '../../../src/database/openDatabase';
import { startLimit } from '../../../src/delivery/flow/pushServiceGate';
import { PushServiceGates } from '../../../src/delivery/flow/pushServiceGates';
import { reportGates } from '../../../src/delivery/flow/reportGates';
import { silentLog } from '../../../src/observe/log';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { SealedBox } from '../../../src/secrets/sealedBox';
import { pushServiceHealth } from '../../../src/views/health/pushServiceHealth';
import { seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';
import { until } from '../../support/until';

const authBox = new SealedBox(new MasterSecret('a secret for this test, long enough'), 'auth');

async function subscribeAt(database: Database, applicationId: number, pushService: string): Promise<void> {
  const keys = { p256dh: Buffer.alloc(65, 4), auth: Buffer.alloc(16, 1) };
  const endpoint = `https://push.example.org/${applicationId}`;
  await registerPushSubscription({ database, authBox }, { applicationId, endpoint, pushService, ...keys });
}

describeEachDatabase('what a worker says of its push services', (database) => {
  const read = () => pushServiceHealth(database(), Date.now());

  test('is what its gates say, of however many, and is taken back at the end', async () => {
    const gates = new PushServiceGates(Date.now);
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

  test('names a throttled application to itself and to the platform, as long as it is', async () => {
    const [{ id: applicationId }, other] = [
      await seedApplication(database()),
      await seedApplication(database()),
    ];
    for (const { id } of [{ id: applicationId }, other]) await subscribeAt(database(), id, 'fcm');
    const gates = new PushServiceGates(Date.now);
    const passage = gates.passage('fcm', applicationId);
    const answer = (kind: 'throttled' | 'accepted') => {
      if (passage.enter('bulk', Date.now) === true) passage.leave(kind, Date.now(), 3_500);
    };
    for (let time = 0; time < 10; time += 1) answer('throttled');
    const reporter = reportGates({ database: database(), gates, worker: 'one', log: silentLog });
    const throttledUntil = async (of?: number) =>
      (await pushServiceHealth(database(), Date.now(), of))[0]?.throttledUntil ?? null;
    await until(async () => (await throttledUntil()) === passage.reopensAt, 'the throttling');
    expect(await throttledUntil(applicationId)).toBe(passage.reopensAt);
    expect(await throttledUntil(other.id)).toBeNull();
    await until(() => Date.now() > passage.reopensAt, 'the end of the pause');
    answer('accepted');
    const rows = () => database().sql.rows('SELECT 1 FROM push_service_state WHERE applicationId > 0');
    await until(async () => (await rows()).length === 0, 'the row to go');
    await reporter.stop();
  });

  test('has an end, however many push services there are', async () => {
    const gates = new PushServiceGates(Date.now);
    for (let host = 0; host < 500; host += 1) {
      gates.of(`x${host}.notify.windows.com`);
      gates.of(`host-${host}.example.org`);
    }
    const reporter = reportGates({ database: database(), gates, worker: 'one', log: silentLog });
    const told = await until(async () => {
      const rows = await read();
      return rows.some(({ pushService }) => pushService === 'others') ? rows : undefined;
    }, 'the push services');
    expect(told.length).toBeLessThanOrEqual(101);
    const named = (name: string) => told.filter(({ pushService }) => pushService === name);
    expect(named('wns')).toMatchObject([{ limit: 500 * startLimit }]);
    expect(named('others')).toMatchObject([{ limit: 404 * startLimit }]);
    await reporter.stop();
  });
});
