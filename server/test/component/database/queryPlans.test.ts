/** What people wait for reads its own rows: no plan goes through all deliveries, notifications or push subscriptions. */

import { cancelNotification } from '../../../src/actions/notification/cancelNotification';
import { deletePerson } from '../../../src/actions/person/deletePerson';
import { countAudience } from '../../../src/audience/countAudience';
import { expandPage, pageOfAudience } from '../../../src/audience/expandPage';
import type { Database } from '../../../src/database/openDatabase';
import { candidatesAfter } from '../../../src/janitor/retireNeverWorked';
import type { Audience } from '../../../src/model/audience';
import { PublicIds } from '../../../src/model/ids/publicIds';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { PersonHashes } from '../../../src/secrets/personHashes';
import { type DeliveryFilter, listDeliveries } from '../../../src/views/delivery/listDeliveries';
import { findNotification, listNotifications } from '../../../src/views/notification/listNotifications';
import { deliveryHistory } from '../../../src/views/person/deliveryHistory';
import { exportPerson } from '../../../src/views/person/exportPerson';
import { listDevices } from '../../../src/views/person/findPerson';
import { listPushSubscriptions } from '../../../src/views/pushSubscription/pushSubscriptionRows';
import { deliveryOutcomes, deliveryPoints } from '../../../src/views/statistics/deliveryStatistics';
import { subscriptionStatistics } from '../../../src/views/statistics/subscriptionStatistics';
import { countByVapidKey } from '../../../src/views/vapidKey/listVapidKeys';
import { describeEachDatabase } from '../../support/engines/engines';
import { fillLargeTables, type LargeTables } from '../../support/engines/largeTables';
import { planOf, recordReads } from '../../support/engines/queryPlans';

const dayMs = 86_400_000;
const page = { first: 20 };
/** An application that sent nothing, among those that sent much. */
const quiet = { applicationId: 1_000_000 };

describeEachDatabase('query plans', (database) => {
  let large: LargeTables;
  beforeAll(async () => {
    large = await fillLargeTables(database());
  }, 120_000);

  const view = (apiKeyId?: number) => ({ applicationId: large.application.id, apiKeyId });
  const period = { since: Date.now() - 365 * dayMs, until: Date.now(), bucketMs: dayMs };
  const broadcast = async (recorded: Database) => {
    const row = await findNotification(recorded, view(), large.broadcast);
    if (!row) throw new Error('There is no broadcast.');
    return { ...row, targeted: 3_000, accepted: 2_999, rejected: 1 };
  };
  const count = (audience: Audience) => (recorded: Database) =>
    countAudience(recorded.sql, large.application.id, audience, Date.now());

  const devices = () => large.deviceIds.map((id) => ({ id, userId: large.userId, userSince: 0 }));
  const questions: Record<string, (recorded: Database) => Promise<unknown>> = {
    'the history of a person': (recorded) => deliveryHistory(recorded, devices(), page),
    'the history of a person, for a key': (recorded) =>
      deliveryHistory(recorded, devices(), { ...page, apiKeyId: 1 }),
    'the devices of a person': (recorded) => listDevices(recorded, large.application.id, large.userId),
    'the export of a person': (recorded) =>
      exportPerson({ database: recorded, ids: new PublicIds('salt') }, large.application.id, large.userId),
    'notifications, newest first': (recorded) => listNotifications(recorded, quiet, page),
    'notifications of a key, newest first': (recorded) => listNotifications(recorded, view(12_345), page),
    'notifications that stand somewhere': (recorded) => listNotifications(recorded, view(), page, 'SENDING'),
    'the deliveries of a broadcast': async (recorded) =>
      listDeliveries(recorded, await broadcast(recorded), { ...page, after: large.deviceIds[2] }, {}),
    'the failures of a broadcast': async (recorded) =>
      listDeliveries(recorded, await broadcast(recorded), page, { status: 'REJECTED' }),
    'a person’s deliveries of a broadcast': async (recorded) =>
      listDeliveries(recorded, await broadcast(recorded), page, { userId: large.userId }),
    'push subscriptions with a tag': (recorded) =>
      listPushSubscriptions(recorded, large.application.id, page, { tag: 'a' }),
    'push subscriptions of a user': (recorded) =>
      listPushSubscriptions(recorded, large.application.id, page, { userId: large.userId }),
    'push subscriptions': (recorded) => listPushSubscriptions(recorded, large.application.id, page, {}),
    'statistics of push subscriptions': (recorded) =>
      subscriptionStatistics(recorded, large.application.id, 3),
    'deliveries over time': (recorded) => deliveryPoints(recorded, view(), period),
    'deliveries over time, of a key': (recorded) => deliveryPoints(recorded, view(1), period),
    'outcomes over time': (recorded) => deliveryOutcomes(recorded, view(), period),
    'the size of everyone': count({ everyone: true }),
    'the size of some people': count({ userIds: ['user 5'] }),
    'the size of all with tags': count({ tags: { allOf: ['a'], anyOf: ['b', 'c'], noneOf: ['d'] } }),
    'the size of all without a tag': count({ tags: { noneOf: ['a'] } }),
    'the size of those whom a broadcast failed': (recorded) =>
      countAudience(recorded.sql, large.application.id, { failedOf: large.broadcast }, Date.now()),
  };

  test.each(Object.keys(questions))('%s: no table is gone through', async (name) => {
    const { database: recorded, asked } = recordReads(database());
    await questions[name]?.(recorded);
    expect(asked.length).toBeGreaterThan(0);
    for (const question of asked) {
      const steps = await planOf(database(), question);
      expect(steps.length).toBeGreaterThan(0);
      expect({ ...question, scans: steps.filter((step) => step.isScan) }).toEqual({ ...question, scans: [] });
    }
  });

  test.each<DeliveryFilter>([
    { status: 'ACCEPTED' },
    { pushService: 'fcm' },
    { reason: 'accepted' },
    { reason: 'zzz' },
  ])('deliveries with %j are looked for in steps, and are the same', async (filter) => {
    const { database: recorded, asked } = recordReads(database());
    const row = await broadcast(recorded);
    const pages = [];
    for (const rowsPerStep of [10_000, 30]) {
      const after = large.deviceIds[0];
      pages.push(await listDeliveries(recorded, row, { first: 100, after }, filter, rowsPerStep));
    }
    expect(pages[1]).toEqual(pages[0]);
    if (filter.reason === 'zzz') expect(asked.length).toBeGreaterThan(6);
  });

  test('a list in the order of an index is not sorted', async () => {
    const sorted = /temp b-tree for order by|filesort/i;
    // of some thousand rows MySQL rather sorts a few: only where it has to go by the key is its choice certain
    const lists = database().kind === 'sqlite' ? ['notifications, newest first'] : [];
    for (const name of [...lists, 'the deliveries of a broadcast']) {
      const { database: recorded, asked } = recordReads(database());
      await questions[name]?.(recorded);
      const last = asked.at(-1);
      const steps = last ? await planOf(database(), last) : [];
      expect(steps.filter((step) => sorted.test(step.text))).toEqual([]);
    }
  });

  test('a page of everyone begins at its place, and not at the first of all', async () => {
    const after = (large.deviceIds[0] ?? 0) + 1_500;
    const { id: applicationId } = large.application;
    const { database: recorded, asked } = recordReads(database());
    await listPushSubscriptions(recorded, applicationId, { ...page, after }, {});
    const nobody = { tags: { anyOf: ['that nobody has'] } };
    const notification = { id: large.broadcast, applicationId, lane: 'bulk' as const, audience: nobody };
    const bounds = { cursor: after, size: 100, reach: 500, dueAt: 1 };
    await recorded.sqlTransaction((sql) => expandPage(sql, notification, bounds));
    const [listed, reach] = asked;
    const pages = [
      pageOfAudience({ applicationId, audience: { everyone: true } }, after, 100),
      pageOfAudience({ applicationId, audience: { tags: { noneOf: ['a'] } } }, after, 100, {
        end: after + 500,
      }),
    ].map(({ text, values = [] }) => ({ statement: text, values }));
    const isRange = /range push_subscription_reachable|push_subscription_reachable \(.*(id|rowid)>\?/;
    for (const question of [listed, reach, ...pages]) {
      const steps = question ? await planOf(database(), question) : [];
      expect(steps.map((step) => step.text).join('\n')).toMatch(isRange);
    }
  });

  test('cancelling a broadcast looks at what waits, and not at everybody it is for', async () => {
    const [first = 0, , last = 0] = large.deviceIds;
    const { insertId } = await database().write((sql) =>
      sql.run(
        `INSERT INTO dispatch (notificationId, lane, pushService, firstSubscriptionId, lastSubscriptionId, dueAt)
         VALUES (?, 'bulk', 'fcm', ?, ?, 1)`,
        [large.broadcast, first, last],
      ),
    );
    await database().write((sql) =>
      sql.run(`UPDATE notification SET status = 'SENDING' WHERE id = ?`, [large.broadcast]),
    );
    const { database: recorded, asked } = recordReads(database());
    await cancelNotification({ database: recorded }, large.broadcast);
    const counts = asked.filter(({ statement }) => statement.includes('FROM delivery'));
    expect(counts).toHaveLength(1);
    for (const question of counts) {
      expect(question.statement).toContain(`IN (${insertId})`);
      const [step] = await planOf(database(), question);
      expect(step?.text).toMatch(/delivery range PRIMARY|subscriptionId>\? AND subscriptionId<\?/);
    }
  });

  test.each([1, 2, 200])('%d named users are looked up, to send to as to count', async (size) => {
    const audience = { userIds: Array.from({ length: size }, (_, index) => `user ${index + 10}`) };
    const { text, values } = pageOfAudience({ applicationId: large.application.id, audience }, 0, 500);
    const { database: recorded, asked } = recordReads(database());
    await count(audience)(recorded);
    expect(asked).toHaveLength(1);
    for (const question of [{ statement: text, values: values ?? [] }, ...asked]) {
      const steps = await planOf(database(), question);
      expect(steps.map((step) => step.text).join('\n')).toMatch(/push_subscription_user/);
    }
  });

  test('subscriptions that never worked are found without reading the others', async () => {
    const { database: recorded, asked } = recordReads(database());
    await candidatesAfter(recorded, { id: 0, neverAcceptedSince: 0 }, Date.now());
    const [question] = asked;
    const steps = question ? await planOf(database(), question) : [];
    expect(steps.map((step) => step.text).join('\n')).toMatch(/push_subscription_never_accepted/);
  });

  test('nobody but those with a tag is looked at for it', async () => {
    const { database: recorded, asked } = recordReads(database());
    await listPushSubscriptions(recorded, large.application.id, page, { tag: 'a' });
    await countAudience(recorded.sql, large.application.id, { tags: { anyOf: ['a'] } }, Date.now());
    const about = asked.filter(({ statement }) => statement.includes('subscription_tag'));
    expect(about.length).toBeGreaterThan(1);
    for (const question of about) {
      const [first] = await planOf(database(), question).then((steps) =>
        steps.filter((step) => /subscription_tag|^SEARCH t |^t /.test(step.text)),
      );
      expect(first?.text).toMatch(
        /(range|ref) subscription_tag_application|application \(applicationId=\? AND tag=\?/,
      );
    }
  });

  test('who uses a VAPID key is looked up by the key', async () => {
    const { database: recorded, asked } = recordReads(database());
    await countByVapidKey(recorded, [1]);
    const [question] = asked;
    if (!question) throw new Error('Nothing was asked.');
    const steps = await planOf(database(), question);
    expect(steps.filter((step) => /push_subscription_vapid_key/.test(step.text))).toHaveLength(1);
  });

  test('forgetting a person looks through audiences in steps, and looks up everything else', async () => {
    const { database: recorded, asked } = recordReads(database());
    const personHashes = new PersonHashes(new MasterSecret('x'.repeat(32)));
    await deletePerson({ database: recorded, personHashes }, large.application.id, 'nobody at all');
    expect(asked.length).toBeGreaterThan(0);
    for (const question of asked) {
      const steps = await planOf(database(), question);
      expect({ ...question, scans: steps.filter((step) => step.isScan) }).toEqual({ ...question, scans: [] });
    }
  });
});
