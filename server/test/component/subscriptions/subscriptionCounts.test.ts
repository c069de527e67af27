/** What is counted of push subscriptions is what there is, whatever makes and ends them. */
import fc from 'fast-check';
import { deletePerson } from '../../../src/actions/person/deletePerson';
import { registerPushSubscription } from '../../../src/actions/pushSubscription/registerPushSubscription';
import {
  retirePushSubscription,
  retireSubscriptionById,
} from '../../../src/actions/pushSubscription/retirePushSubscription';
import { retireVapidKey } from '../../../src/actions/vapidKey/retireVapidKey';
import { rotateVapidKey } from '../../../src/actions/vapidKey/rotateVapidKey';
import { SubscriptionDays1763900000005 } from '../../../src/database/migrations/0006SubscriptionDays';
import type { Database } from '../../../src/database/openDatabase';
import type { ClaimedDispatch } from '../../../src/delivery/claimDispatch';
import { recordSettlements } from '../../../src/delivery/recordSettlements';
import { purge } from '../../../src/janitor/purge';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { PersonHashes } from '../../../src/secrets/personHashes';
import { SealedBox } from '../../../src/secrets/sealedBox';
import { subscriptionStatistics } from '../../../src/views/statistics/subscriptionStatistics';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const dayMs = 86_400_000;
const begin = Date.UTC(2026, 2, 1, 12);
const shownDays = 40;
const services = ['apple', 'fcm', 'mozilla'];
const master = new MasterSecret('a secret for this test, long enough');
const personHashes = new PersonHashes(master);
const authBox = new SealedBox(master, 'auth');
const vapidBox = new SealedBox(master, 'vapid');

interface Row {
  readonly id: number;
  readonly pushService: string;
  readonly retiredAt: number | null;
  readonly version: number;
}

/** Something that may happen; `at` chooses an endpoint, a user or a row. */
interface Step {
  readonly kind:
    | 'subscribe'
    | 'unsubscribe'
    | 'retire'
    | 'gone'
    | 'goneBefore'
    | 'delete'
    | 'retireKey'
    | 'purge';
  readonly at: number;
  readonly service?: number;
  readonly replaces?: number | undefined;
}

const place = fc.nat(5);
const subscribing = fc.record({
  ...{ kind: fc.constant('subscribe' as const), at: place, service: fc.nat(2) },
  replaces: fc.option(place, { nil: undefined, freq: 2 }),
});
const ending = fc.record({
  kind: fc.constantFrom('unsubscribe', 'retire', 'gone', 'goneBefore', 'delete', 'retireKey', 'purge'),
  at: place,
});
const lives: fc.Arbitrary<Step[]> = fc.array(fc.oneof(subscribing, ending), { minLength: 1, maxLength: 25 });

describeEachDatabase('counts of push subscriptions', (database) => {
  const rowsOf = ({ id }: SeededApplication) =>
    database().sql.rows<Row>(
      'SELECT id, pushService, retiredAt, version FROM push_subscription WHERE applicationId = ? ORDER BY id',
      [id],
    );
  const endpointOf = (application: SeededApplication, index: number) =>
    `https://push.example.org/${application.id}/${index}`;

  async function take(application: SeededApplication, step: Step, now: number): Promise<void> {
    const parts = { database: database(), authBox, personHashes, now: () => now };
    const { id: applicationId } = application;
    if (step.kind === 'retireKey') {
      const { publicKey } = await rotateVapidKey({ ...parts, vapidBox }, applicationId);
      const [older] = await database().sql.rows<{ publicKey: string }>(
        'SELECT publicKey FROM vapid_key WHERE applicationId = ? AND publicKey <> ? ORDER BY id DESC LIMIT 1',
        [applicationId, publicKey],
      );
      await retireVapidKey(parts, applicationId, older?.publicKey ?? '', true);
      return;
    }
    if (step.kind === 'purge') {
      // what is retired goes for good, at any moment
      await purge({ ...parts, retentionDays: 1, statisticsDays: 0 });
      return;
    }
    if (step.kind === 'subscribe') {
      const replaces =
        step.replaces === undefined ? {} : { replaces: endpointOf(application, step.replaces) };
      await registerPushSubscription(parts, {
        ...{ applicationId, endpoint: endpointOf(application, step.at), userId: `user ${step.at % 3}` },
        ...{
          pushService: services[step.service ?? 0] ?? '',
          p256dh: Buffer.alloc(65, 4),
          auth: Buffer.alloc(16, 1),
        },
        ...replaces,
      });
      return;
    }
    if (step.kind === 'unsubscribe') {
      await retirePushSubscription(parts, applicationId, endpointOf(application, step.at));
      return;
    }
    if (step.kind === 'delete') {
      await deletePerson(parts, applicationId, `user ${step.at % 3}`);
      return;
    }
    const rows = await rowsOf(application);
    const row = rows[step.at % rows.length];
    if (!row) return;
    if (step.kind === 'retire') await retireSubscriptionById(parts, applicationId, row.id);
    else
      await recordGone(
        database(),
        applicationId,
        step.kind === 'gone' ? row : { ...row, version: row.version - 1 },
        now,
      );
  }

  /** What the rows themselves say came and went in one step: nobody has to know what it does. */
  function difference(before: readonly Row[], after: readonly Row[]) {
    const livesOf = (rows: readonly Row[]) =>
      rows.filter((row) => row.retiredAt === null).map((row) => `${row.id} ${row.pushService}`);
    const [lived, live] = [livesOf(before), livesOf(after)];
    return {
      created: live.filter((each) => !lived.includes(each)).length,
      retired: lived.filter((each) => !live.includes(each)).length,
    };
  }

  async function expectCounted(application: SeededApplication, now: number) {
    const live = (await rowsOf(application)).filter((row) => row.retiredAt === null);
    const counts = await subscriptionStatistics(database(), application.id, shownDays, now);
    expect(counts.live).toBe(live.length);
    expect(counts.days.at(-1)?.live).toBe(live.length);
    const counted = Object.fromEntries(counts.byPushService.map((each) => [each.pushService, each.live]));
    const expected: Record<string, number> = {};
    for (const { pushService } of live) expected[pushService] = (expected[pushService] ?? 0) + 1;
    expect(counted).toEqual(expected);
    return counts;
  }

  test('are those of the rows after every step of any life, on its day', async () => {
    await fc.assert(
      fc.asyncProperty(lives, async (life) => {
        const application = await seedApplication(database());
        const days: { created: number; retired: number; live: number }[] = [];
        for (const [index, step] of life.entries()) {
          const now = begin + index * dayMs;
          const before = await rowsOf(application);
          await take(application, step, now);
          const after = await rowsOf(application);
          const { live } = await expectCounted(application, now);
          days.push({ ...difference(before, after), live });
        }
        const counts = await expectCounted(application, begin + (life.length - 1) * dayMs);
        const shown = counts.days.slice(-life.length);
        expect(shown.map(({ at: _, ...day }) => day)).toEqual(days);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  test('are those of the rows when the same browsers come and go at the same moment', async () => {
    const application = await seedApplication(database());
    for (let round = 0; round < 4; round += 1) {
      const all = Array.from({ length: 24 }, (_, index): Step => {
        const at = index % 6;
        if (index < 6) return { kind: 'subscribe', at, service: index % 3 };
        if (index < 12) return { kind: 'subscribe', at, service: 1, replaces: (at + 1) % 6 };
        return { kind: (['unsubscribe', 'retire', 'gone'] as const)[index % 3] ?? 'gone', at };
      });
      await Promise.all(all.map((step) => take(application, step, begin)));
      await expectCounted(application, begin);
    }
  });

  test('begin with the push subscriptions that are there already', async () => {
    const application = await seedApplication(database());
    for (let index = 0; index < 12; index += 1) {
      const kind = index % 4 === 3 ? 'unsubscribe' : 'subscribe';
      const step: Step = { kind, at: index % 7, service: index % 3 };
      await take(application, step, begin + index * dayMs);
    }
    const now = begin + 12 * dayMs;
    const before = await expectCounted(application, now);
    const runner = database().entities.connection.createQueryRunner();
    // what reads only otherwise
    if (database().kind === 'sqlite') await runner.query('PRAGMA query_only = OFF');
    const migration = new SubscriptionDays1763900000005();
    await migration.down(runner);
    await migration.up(runner);
    await runner.release();
    const after = await expectCounted(application, now);
    expect(after.live).toBeGreaterThan(0);
    const cameAndWent = (days: typeof before.days) => days.map(({ created, retired }) => created - retired);
    expect(cameAndWent(after.days)).toEqual(cameAndWent(before.days));
  });

  test('stay what they are when old days are added up', async () => {
    const application = await seedApplication(database());
    for (let index = 0; index < 30; index += 1) {
      const at = index % 6;
      const step: Step =
        index % 4 === 3 ? { kind: 'unsubscribe', at } : { kind: 'subscribe', at, service: at % 3 };
      await take(application, step, begin + index * dayMs);
    }
    const now = begin + 30 * dayMs;
    const before = await expectCounted(application, now);
    // as two workers would, at the same time
    const fold = () => purge({ database: database(), retentionDays: 0, statisticsDays: 10, now: () => now });
    await Promise.all([fold(), fold()]);
    const after = await expectCounted(application, now);
    expect(after.byPushService).toEqual(before.byPushService);
    expect(after.days.slice(-10)).toEqual(before.days.slice(-10));
    const old = await database().sql.rows<{ day: number }>(
      'SELECT day FROM subscription_day WHERE applicationId = ? AND day < ?',
      [application.id, now - 11 * dayMs],
    );
    expect(new Set(old.map(({ day }) => day))).toEqual(new Set([0]));
  });
});

/** A push service says of a subscription, as a worker read it, that it is no more. */
async function recordGone(
  database: Database,
  applicationId: number,
  { id, version, pushService }: Row,
  now: number,
): Promise<void> {
  const dispatch = { id, notificationId: 0, lane: 'bulk', pushService, message: { applicationId } };
  await recordSettlements(
    database,
    dispatch as ClaimedDispatch,
    [
      {
        ...{
          subscriptionId: id,
          next: { status: 'GONE' },
          reason: 'unknown-subscription',
          retiresVersion: version,
        },
        ...{ attempted: true, attempt: 1, at: now, httpStatus: 410 },
      },
    ],
    now,
  );
}
