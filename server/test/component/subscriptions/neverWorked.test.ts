/** What ends a push subscription for which no push service ever accepted a message, and what does not. */

import { registerPushSubscription } from '../../../src/actions/pushSubscription/registerPushSubscription';
import type { PushSubscription } from '../../../src/database/entities/pushSubscription';
import type { Database } from '../../../src/database/openDatabase';
import type { ClaimedDispatch } from '../../../src/delivery/claimDispatch';
import type { Settlement } from '../../../src/delivery/outcome/settlement';
import { recordSettlements } from '../../../src/delivery/recordSettlements';
import { retireNeverWorked } from '../../../src/janitor/retireNeverWorked';
import { dayMs, hourMs } from '../../../src/model/timeSpans';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { SealedBox } from '../../../src/secrets/sealedBox';
import { subscriptionStatistics } from '../../../src/views/statistics/subscriptionStatistics';
import { seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const now = Date.UTC(2026, 5, 15, 13, 37);
const authBox = new SealedBox(new MasterSecret('a secret for this test, long enough'), 'auth');

interface Never {
  readonly days: number;
  readonly sends: number;
  readonly accepted?: boolean;
  /** How long ago its push service accepted a message of the same application. */
  readonly othersAgo?: number;
  readonly ofAnother?: 'application' | 'push service';
}

describeEachDatabase('a push subscription that never worked', (database) => {
  let endpoints = 0;
  const run = (text: string, values: (number | string)[]) => database().write((sql) => sql.run(text, values));
  const register = async (
    applicationId: number,
    at: number,
    more: { endpoint?: string; key?: number } = {},
  ) => {
    endpoints += 1;
    const { endpoint = `https://push.example.org/${endpoints}`, key = 4 } = more;
    const keys = { p256dh: Buffer.alloc(65, key), auth: Buffer.alloc(16, 1) };
    const { subscription } = await registerPushSubscription(
      { database: database(), authBox, now: () => at },
      { applicationId, endpoint, pushService: 'push.example.org', ...keys },
    );
    return subscription;
  };
  const accept = (applicationId: number, pushService: string, at: number) =>
    run(
      `INSERT INTO outcome_hour (applicationId, hour, slot, apiKeyId, pushService, status, reason, deliveries)
       VALUES (?, ?, 0, 1, ?, 1, 'accepted', 3)`,
      [applicationId, at - (at % hourMs), pushService],
    );
  const stateOf = async (id: number) => {
    const [row] = await database().sql.rows<{
      retiredReason: string | null;
      neverAcceptedSince: number | null;
      sendsWithoutAccept: number;
    }>('SELECT retiredReason, neverAcceptedSince, sendsWithoutAccept FROM push_subscription WHERE id = ?', [
      id,
    ]);
    return row;
  };

  test.each<[string, string | null, Never]>([
    ['14 days, 5 sends, others were accepted', 'never-worked', { days: 14, sends: 5, othersAgo: 1 }],
    ['one day less', null, { days: 13.9, sends: 50, othersAgo: 1 }],
    ['one send less', null, { days: 20, sends: 4, othersAgo: 1 }],
    ['nobody else was accepted', null, { days: 59, sends: 50 }],
    ['others were accepted before it was there', null, { days: 14, sends: 5, othersAgo: 14.5 }],
    ['others of another application', null, { days: 20, sends: 5, othersAgo: 1, ofAnother: 'application' }],
    ['others at another push service', null, { days: 20, sends: 5, othersAgo: 1, ofAnother: 'push service' }],
    ['60 days and one send', 'never-worked', { days: 60, sends: 1 }],
    ['60 days and no send', null, { days: 400, sends: 0, othersAgo: 1 }],
    ['ever accepted', null, { days: 400, sends: 100, accepted: true, othersAgo: 1 }],
  ])('%s: %s', async (_what, retiredReason, never) => {
    const { id: applicationId } = await seedApplication(database());
    const other = await seedApplication(database());
    const { id } = await register(applicationId, now - never.days * dayMs);
    await run('UPDATE push_subscription SET sendsWithoutAccept = ? WHERE id = ?', [never.sends, id]);
    if (never.accepted)
      await run('UPDATE push_subscription SET neverAcceptedSince = NULL WHERE id = ?', [id]);
    if (never.othersAgo !== undefined) {
      const service = never.ofAnother === 'push service' ? 'fcm' : 'push.example.org';
      const of = never.ofAnother === 'application' ? other.id : applicationId;
      await accept(of, service, now - never.othersAgo * dayMs);
    }
    const retired = await retireNeverWorked(database(), now);
    expect(await stateOf(id)).toMatchObject({ retiredReason });
    expect(retired > 0).toBe(retiredReason !== null);
    const { live } = await subscriptionStatistics(database(), applicationId, 1, now);
    expect(live).toBe(retiredReason === null ? 1 : 0);
    // what is left over would be ended in the next test
    await run('UPDATE push_subscription SET retiredAt = 1 WHERE retiredAt IS NULL AND id >= ?', [1]);
  });

  test('wakes when it subscribes again, and has its time from the beginning', async () => {
    const { id: applicationId } = await seedApplication(database());
    const { id, endpoint } = await register(applicationId, now - 61 * dayMs);
    await run('UPDATE push_subscription SET sendsWithoutAccept = 9 WHERE id = ?', [id]);
    expect(await retireNeverWorked(database(), now)).toBe(1);
    await register(applicationId, now, { endpoint });
    const fresh = { retiredReason: null, neverAcceptedSince: now, sendsWithoutAccept: 0 };
    expect(await stateOf(id)).toEqual(fresh);
    await run('UPDATE push_subscription SET sendsWithoutAccept = 1 WHERE id = ?', [id]);
    expect(await retireNeverWorked(database(), now + dayMs)).toBe(0);
  });

  test('counts from the beginning with other keys only', async () => {
    const { id: applicationId } = await seedApplication(database());
    const { id, endpoint } = await register(applicationId, now - dayMs);
    await run('UPDATE push_subscription SET sendsWithoutAccept = 2 WHERE id = ?', [id]);
    await register(applicationId, now, { endpoint });
    expect(await stateOf(id)).toMatchObject({ neverAcceptedSince: now - dayMs, sendsWithoutAccept: 2 });
    await run('UPDATE push_subscription SET neverAcceptedSince = NULL WHERE id = ?', [id]);
    await register(applicationId, now, { endpoint });
    expect(await stateOf(id)).toMatchObject({ neverAcceptedSince: null });
    await register(applicationId, now, { endpoint, key: 5 });
    expect(await stateOf(id)).toMatchObject({ neverAcceptedSince: now, sendsWithoutAccept: 0 });
  });

  describe('with an answer for it', () => {
    /** Writes down what a worker was answered for subscriptions as it had read them. */
    const record = async (
      dispatchId: number,
      status: 'ACCEPTED' | 'REJECTED',
      read: readonly Pick<PushSubscription, 'id' | 'neverAcceptedSince'>[],
    ) => {
      const dispatch = {
        ...{ id: dispatchId, leaseOwner: 'worker', notificationId: 0, lane: 'bulk' },
        pushService: 'push.example.org',
      };
      const settlements = read.map(
        ({ id, neverAcceptedSince }): Settlement => ({
          ...{ subscriptionId: id, next: { status }, attempted: true, attempt: 1, at: now },
          reason: status === 'ACCEPTED' ? 'accepted' : 'bad-request',
          unacceptedSince: neverAcceptedSince ?? undefined,
        }),
      );
      await recordSettlements(database(), dispatch as ClaimedDispatch, settlements, now);
    };
    const dispatched = async () =>
      (
        await run(
          `INSERT INTO dispatch (notificationId, lane, pushService, firstSubscriptionId, lastSubscriptionId, dueAt, leaseOwner)
           VALUES (0, 'bulk', 'push.example.org', 1, 1, ?, 'worker')`,
          [now],
        )
      ).insertId;

    test('has worked, or was sent to once more in vain, and each answer counts once', async () => {
      const { id: applicationId } = await seedApplication(database());
      const [worked, failed] = [await register(applicationId, now), await register(applicationId, now)];
      const dispatchId = await dispatched();
      await record(await dispatched(), 'ACCEPTED', [worked]);
      for (let time = 0; time < 2; time += 1) await record(dispatchId, 'REJECTED', [failed]);
      expect(await stateOf(worked.id)).toMatchObject({ neverAcceptedSince: null });
      expect(await stateOf(failed.id)).toMatchObject({ neverAcceptedSince: now, sendsWithoutAccept: 1 });
    });

    test.each(['ACCEPTED', 'REJECTED'] as const)(
      '%s counts for the keys that it was sent to, whoever else it was sent to',
      async (status) => {
        const { id: applicationId } = await seedApplication(database());
        const old = await register(applicationId, now - 10 * dayMs);
        const young = await register(applicationId, now - dayMs);
        await register(applicationId, now, { endpoint: old.endpoint, key: 5 });
        await record(await dispatched(), status, [old, young]);
        expect(await stateOf(old.id)).toMatchObject({ neverAcceptedSince: now, sendsWithoutAccept: 0 });
        const isAccepted = status === 'ACCEPTED';
        expect(await stateOf(young.id)).toMatchObject({
          neverAcceptedSince: isAccepted ? null : now - dayMs,
          sendsWithoutAccept: isAccepted ? 0 : 1,
        });
      },
    );
  });

  test.each([
    ['is accepted', 'neverAcceptedSince = NULL, sendsWithoutAccept = 0'],
    ['is registered with other keys', `neverAcceptedSince = ${now}, sendsWithoutAccept = 1`],
    ['is registered again', 'sendsWithoutAccept = 0'],
  ])('is spared when it %s while it is looked at', async (_what, change) => {
    const { id: applicationId } = await seedApplication(database());
    const { id } = await register(applicationId, now - 61 * dayMs);
    await run('UPDATE push_subscription SET sendsWithoutAccept = 1 WHERE id = ?', [id]);
    const rows: Database['sql']['rows'] = async (...query) => {
      const found = await database().sql.rows<never>(...query);
      await run(`UPDATE push_subscription SET ${change} WHERE id = ?`, [id]);
      return found;
    };
    const raced = { ...database(), sql: { ...database().sql, rows } };
    expect(await retireNeverWorked(raced, now)).toBe(0);
    expect(await stateOf(id)).toMatchObject({ retiredReason: null });
  });

  test('is found in steps, however many there are', async () => {
    const { id: applicationId } = await seedApplication(database());
    const template = await register(applicationId, now - 60 * dayMs);
    const columns = `applicationId, endpoint, p256dh, sealedAuth, vapidKeyId, pushService, createdAt, lastSeenAt,
      version, neverAcceptedSince, userSince`;
    const row = (hash: string) =>
      `SELECT X'${hash}', ${columns}, 1 FROM push_subscription WHERE id = ${template.id}`;
    const hashes = Array.from({ length: 1_100 }, (_, index) => index.toString(16).padStart(64, '0'));
    await database().write((sql) =>
      sql.run(
        `INSERT INTO push_subscription (endpointHash, ${columns}, sendsWithoutAccept) ${hashes.slice(0, 400).map(row).join(' UNION ALL ')}`,
      ),
    );
    for (const part of [hashes.slice(400, 800), hashes.slice(800)]) {
      await database().write((sql) =>
        sql.run(
          `INSERT INTO push_subscription (endpointHash, ${columns}, sendsWithoutAccept) ${part.map(row).join(' UNION ALL ')}`,
        ),
      );
    }
    expect(await retireNeverWorked(database(), now)).toBe(1_100);
  });
});
