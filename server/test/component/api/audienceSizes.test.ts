/** How many an audience reaches is how many a broadcast to it finds. */
import fc from 'fast-check';
import { audienceFilter } from '../../../src/audience/audienceFilter';
import { countAudience } from '../../../src/audience/countAudience';
import { countCreated } from '../../../src/database/counts/countSubscriptions';
import type { SqlValue } from '../../../src/database/sql';
import type { Audience } from '../../../src/model/audience';
import { insertRows } from '../../../src/seed/insertRows';
import { RandomSource } from '../../../src/seed/randomSource';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const tags = ['a', 'b', 'c', 'd', 'ü', 'nobody’s'];
const dayMs = 86_400_000;
const now = Date.UTC(2026, 0, 1);
const half = 1_500;
/** In the middle, ids go on after a gap that no number of steps crosses, as after a restore. */
const gap = 2 ** 50;
const broadcast = 77;

const subscriptionColumns =
  'id applicationId endpointHash endpoint p256dh sealedAuth vapidKeyId pushService userId createdAt lastSeenAt version verifiedAt retiredAt';
const deliveryColumns = 'notificationId subscriptionId dispatchId status attempts pushService';

describeEachDatabase('the size of an audience', (database) => {
  let mine: SeededApplication;

  beforeAll(async () => {
    mine = await seedApplication(database());
    const other = await seedApplication(database());
    const chance = new RandomSource(7);
    const subscriptions: SqlValue[][] = [];
    const labels: SqlValue[][] = [];
    const deliveries: SqlValue[][] = [];
    let live = 0;
    for (let index = 1; index <= 2 * half; index += 1) {
      const id = index <= half ? index : index + gap;
      const application = chance.happens(0.8) ? mine : other;
      const retiredAt = chance.happens(0.2) ? now - chance.between(0, 100) * dayMs : null;
      const verifiedAt = chance.happens(0.6) ? now : null;
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
        ...[`user ${index % 400}`, now, now, 1, verifiedAt, retiredAt],
      ]);
      for (const [place, tag] of tags.slice(0, -1).entries()) {
        if (chance.happens(0.7 / (place + 1))) labels.push([id, tag, application.id]);
      }
      if (application !== mine) continue;
      deliveries.push([broadcast, id, 1, chance.between(1, 5), 1, 'fcm']);
      if (retiredAt === null) live += 1;
    }
    const change = { applicationId: mine.id, pushService: 'fcm', at: now, spread: 0 };
    await database().transaction(async ({ sql }) => {
      await insertRows(sql, 'push_subscription', subscriptionColumns.split(' '), subscriptions);
      await insertRows(sql, 'subscription_tag', ['subscriptionId', 'tag', 'applicationId'], labels);
      await insertRows(sql, 'delivery', deliveryColumns.split(' '), deliveries);
      await sql.batch([countCreated(database().kind, change, live)]);
    });
  });

  const verify = (isWanted: boolean) =>
    database().write((sql) =>
      sql.run('UPDATE application SET verifySubscriptions = ? WHERE id = ?', [isWanted, mine.id]),
    );

  const counted = (audience: Audience) => countAudience(database().sql, mine.id, audience, now);

  /** As a broadcast finds them. */
  const found = async (audience: Audience) => {
    const { where, values } = audienceFilter(mine.id, audience);
    const [row] = await database().sql.rows<{ size: number }>(
      `SELECT COUNT(*) AS size FROM push_subscription s WHERE ${where}`,
      values,
    );
    return Number(row?.size);
  };

  const list = fc.uniqueArray(fc.constantFrom(...tags), { minLength: 1, maxLength: 3 });
  const filters = fc
    .record({ allOf: list, anyOf: list, noneOf: list }, { requiredKeys: [] })
    .filter((filter) => Object.keys(filter).length > 0);

  test.each([false, true])(
    'by tags; all to be verified: %s',
    async (isWanted) => {
      await verify(isWanted);
      await fc.assert(
        fc.asyncProperty(filters, async (filter) => {
          expect(await counted({ tags: filter })).toBe(await found({ tags: filter }));
        }),
        {
          numRuns: 60,
          examples: [[{ noneOf: ['a'] }], [{ allOf: ['a'], anyOf: ['b', 'c'], noneOf: ['ü'] }]],
        },
      );
    },
    60_000,
  );

  test.each([false, true])(
    'of all, of some, and of those who failed; all to be verified: %s',
    async (isWanted) => {
      await verify(isWanted);
      const audiences: Audience[] = [
        { everyone: true },
        { userIds: ['user 1', 'user 2', 'nobody'] },
        { userIds: ['user 1'], tags: { noneOf: ['a'] } },
        { subscriptionIds: [1, 2, 3, half + gap + 1] },
        { failedOf: broadcast },
        { failedOf: broadcast, tags: { anyOf: ['a', 'ü'], noneOf: ['b'] } },
        { failedOf: broadcast + 1 },
      ];
      for (const audience of audiences) {
        const size = await counted(audience);
        expect({ audience, size }).toEqual({ audience, size: await found(audience) });
      }
      expect(await counted({ everyone: true })).toBeGreaterThan(isWanted ? 1_000 : 1_700);
      expect(await counted({ failedOf: broadcast })).toBeGreaterThan(1_000);
    },
  );

  test('of an application without anybody is none', async () => {
    const { id } = await seedApplication(database());
    for (const audience of [
      { everyone: true } as const,
      { tags: { noneOf: ['a'] } },
      { tags: { anyOf: ['a'] } },
    ]) {
      expect(await countAudience(database().sql, id, audience, now)).toBe(0);
    }
  });
});
