/** Page after page finds everybody in an audience once, and no page looks at more than it may. */
import { audienceFilter } from '../../../src/audience/audienceFilter';
import { type ExpandedPage, expandPage, pageRules } from '../../../src/audience/expandPage';
import type { SqlValue } from '../../../src/database/sql';
import type { Audience } from '../../../src/model/audience';
import { insertRows } from '../../../src/seed/insertRows';
import { RandomSource } from '../../../src/seed/randomSource';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';
import { recordReads } from '../../support/engines/queryPlans';

const half = 100;
/** Between the two halves; larger than any step through ids would be. */
const gap = 3_000_000_000;
const earlier = 77;
const subscriptionColumns =
  'id applicationId endpointHash endpoint p256dh sealedAuth vapidKeyId pushService createdAt lastSeenAt version verifiedAt retiredAt';

describeEachDatabase('the pages of an audience', (database) => {
  let mine: SeededApplication;
  let live = 0;
  let notificationId = 1_000;

  beforeAll(async () => {
    mine = await seedApplication(database());
    const other = await seedApplication(database());
    const chance = new RandomSource(7);
    const subscriptions: SqlValue[][] = [];
    const labels: SqlValue[][] = [];
    const deliveries: SqlValue[][] = [];
    for (let index = 1; index <= 2 * half; index += 1) {
      const id = index <= half ? index : index + gap;
      const application = chance.happens(0.8) ? mine : other;
      const retiredAt = chance.happens(0.2) ? 1 : null;
      const verifiedAt = chance.happens(0.1) ? 1 : null;
      const endpoint = `https://push.example.org/${id}`;
      subscriptions.push([
        ...[
          id,
          application.id,
          Buffer.from(String(id)),
          endpoint,
          Buffer.alloc(1),
          Buffer.alloc(1),
          1,
          'fcm',
        ],
        ...[1, 1, 1, verifiedAt, retiredAt],
      ]);
      if (chance.happens(0.5)) labels.push([id, 'common', application.id]);
      if (index % 60 === 0) labels.push([id, 'rare', application.id]);
      deliveries.push([earlier, id, 1, index % 50 === 0 ? 3 : 1, 1, 'fcm']);
      if (application === mine && retiredAt === null) live += 1;
    }
    await database().transaction(async ({ sql }) => {
      await insertRows(sql, 'push_subscription', subscriptionColumns.split(' '), subscriptions);
      await insertRows(sql, 'subscription_tag', ['subscriptionId', 'tag', 'applicationId'], labels);
      const columns = 'notificationId subscriptionId dispatchId status attempts pushService';
      await insertRows(sql, 'delivery', columns.split(' '), deliveries);
    });
  });

  const verify = (isWanted: boolean) =>
    database().write((sql) =>
      sql.run('UPDATE application SET verifySubscriptions = ? WHERE id = ?', [isWanted, mine.id]),
    );
  const ids = async (statement: string, values: SqlValue[]) =>
    (await database().sql.rows<{ id: number }>(statement, values)).map(({ id }) => Number(id));
  const found = (audience: Audience) => {
    const { where, values } = audienceFilter(mine.id, audience);
    return ids(`SELECT s.id FROM push_subscription s WHERE ${where} ORDER BY s.id`, values);
  };
  /** Live ones behind one id, up to another. */
  const lookedAt = async (after: number, upTo: number) => {
    const range = 'applicationId = ? AND retiredAt IS NULL AND id > ? AND id <= ?';
    return (await ids(`SELECT id FROM push_subscription WHERE ${range}`, [mine.id, after, upTo])).length;
  };
  const expand = async (audience: Audience, bounds: { size: number; reach: number | undefined }) => {
    const notification = { id: ++notificationId, applicationId: mine.id, lane: 'bulk' as const, audience };
    const pages: ExpandedPage[] = [];
    const looks: number[] = [];
    for (let cursor: number | undefined = 0; cursor !== undefined; ) {
      const page: ExpandedPage = await database().sqlTransaction((sql) =>
        expandPage(sql, notification, { ...bounds, cursor: cursor ?? 0, dueAt: 1 }),
      );
      looks.push(await lookedAt(cursor, page.nextCursor ?? Number.MAX_SAFE_INTEGER));
      pages.push(page);
      cursor = page.nextCursor;
    }
    const deliveries =
      'SELECT subscriptionId AS id FROM delivery WHERE notificationId = ? ORDER BY subscriptionId';
    return { pages, looks, targets: await ids(deliveries, [notification.id]) };
  };

  const audiences: [string, Audience][] = [
    ['all', { everyone: true }],
    ['a rare tag', { tags: { allOf: ['rare'] } }],
    ['a common tag', { tags: { anyOf: ['common', 'rare'] } }],
    ['a tag that nobody has', { tags: { anyOf: ['nobody'] } }],
    ['those few whom a notification failed', { failedOf: earlier }],
  ];

  describe.each([false, true])('all to be verified: %s', (isWanted) => {
    beforeAll(() => verify(isWanted));

    test.each(audiences)('%s', async (_name, audience) => {
      const expected = await found(audience);
      for (const bounds of [
        { size: 4, reach: 30 },
        { size: 4, reach: 3 },
        { size: 1_000, reach: 30 },
        { size: 30, reach: undefined },
      ]) {
        const { pages, looks, targets } = await expand(audience, bounds);
        expect(targets).toEqual(expected);
        expect(pages.reduce((sum, { targeted }) => sum + targeted, 0)).toBe(expected.length);
        const { size, reach = live } = bounds;
        expect(Math.max(...looks)).toBeLessThanOrEqual(reach);
        // nor are there pages for ids that nobody has
        const most = Math.ceil(live / reach) + Math.ceil(expected.length / size) + 1;
        expect(pages.length).toBeLessThanOrEqual(most);
      }
    });

    test('all are looked up without looking for an end, unless they must be verified', async () => {
      const of = async (audience: Audience) =>
        (await pageRules(database().sql, { applicationId: mine.id, audience }, Date.now())).isSparse;
      expect(await of({ everyone: true })).toBe(isWanted);
      expect(await of({ tags: { noneOf: ['rare'] } })).toBe(true);
      expect(await of({ failedOf: earlier })).toBe(true);
      expect(await of({ userIds: ['ada'], failedOf: earlier, tags: { anyOf: ['rare'] } })).toBe(false);
      expect(await of({ subscriptionIds: [1], tags: { anyOf: ['rare'] } })).toBe(false);
    });
  });

  test('a page of some reach reads no more than that of the index', async () => {
    const { database: recorded, asked } = recordReads(database());
    const notification = {
      ...{ id: ++notificationId, applicationId: mine.id, lane: 'bulk' as const },
      audience: { tags: { anyOf: ['rare'] } },
    };
    const bounds = { cursor: 0, size: 30, reach: 20, dueAt: 1 };
    const page = await recorded.sqlTransaction((sql) => expandPage(sql, notification, bounds));
    expect(asked.map(({ values }) => values)).toEqual([
      [mine.id, 0, 19, mine.id],
      [0, page.nextCursor, mine.id, mine.id, 'rare', 30],
    ]);
  });
});
