/** Counts of outcomes stay few and what they were, until their time is over. */
import { purge } from '../../../src/janitor/purge';
import { deliveryOutcomes, deliveryPoints } from '../../../src/views/statistics/deliveryStatistics';
import { describeEachDatabase } from '../../support/engines/engines';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const now = Date.UTC(2026, 5, 15, 13, 37);
const applications = [1, 2];
const keys = [7, 8];

describeEachDatabase('counts of outcomes', (database) => {
  const countOf = async (table: string, where: string) => {
    const [row] = await database().sql.rows<{ size: number }>(
      `SELECT COUNT(*) AS size FROM ${table} WHERE ${where}`,
    );
    return Number(row?.size);
  };
  /** Every third hour of so many days, in two slots, of two applications with two keys. */
  const fill = async (days: number) => {
    const thisHour = now - (now % hourMs);
    const rows = Array.from({ length: days * 8 }, (_, index) => thisHour - index * 3 * hourMs).flatMap(
      (hour) =>
        applications.flatMap((application) =>
          keys.flatMap((key) =>
            [0, 1].map(
              (slot) => `(${application}, ${hour}, ${slot}, ${key}, 'fcm', 1, 'accepted', ${key + slot})`,
            ),
          ),
        ),
    );
    await database().write((sql) =>
      sql.run(
        `INSERT INTO outcome_hour (applicationId, hour, slot, apiKeyId, pushService, status, reason, deliveries) VALUES ${rows.join(',')}`,
      ),
    );
  };
  const views = applications.flatMap((applicationId) =>
    [undefined, ...keys].map((apiKeyId) => ({ applicationId, apiKeyId })),
  );
  const daily = { since: now - 29 * dayMs, until: now + 1, bucketMs: dayMs };
  const hourly = { since: now - 335 * hourMs, until: now + 1, bucketMs: hourMs };
  const seen = () =>
    Promise.all(
      views.flatMap((view) => [
        deliveryPoints(database(), view, daily),
        deliveryPoints(database(), view, hourly),
        deliveryOutcomes(database(), view, daily),
      ]),
    );
  const tidy = (statisticsDays: number) =>
    purge({ database: database(), retentionDays: 0, statisticsDays, now: () => now });

  beforeEach(async () => {
    for (const table of ['outcome_hour', 'outcome_day']) {
      await database().write((sql) => sql.run(`DELETE FROM ${table}`));
    }
    await fill(30);
  });

  test('are the same by the hour and by the day, after one is made of the other', async () => {
    const before = await seen();
    const hours = await countOf('outcome_hour', '1 = 1');
    // as two workers would, at the same time
    await Promise.all([tidy(0), tidy(0)]);
    expect(await seen()).toEqual(before);
    expect(await countOf('outcome_hour', '1 = 1')).toBeLessThan(hours * 0.6);
    expect(await countOf('outcome_hour', `hour < ${now - 16 * dayMs}`)).toBe(0);
    expect(await countOf('outcome_hour', `hour >= ${now - 15 * dayMs}`)).toBeGreaterThan(0);
    // one row for each day, application and key
    expect(await countOf('outcome_day', `day = ${Date.UTC(2026, 4, 20)}`)).toBe(4);
    // the two slots of an hour are one row, unless something may still be settled in it
    expect(await countOf('outcome_hour', `slot > 0 AND hour < ${now - 2 * hourMs}`)).toBe(0);
    expect(await countOf('outcome_hour', `slot > 0 AND hour >= ${now - (now % hourMs) - hourMs}`)).toBe(4);
    expect(await tidy(0)).toMatchObject({ counts: 0 });
  });

  test('that come late for a day are added to it', async () => {
    await tidy(0);
    const before = await seen();
    const late = Date.UTC(2026, 4, 20, 5);
    await database().write((sql) =>
      sql.run("INSERT INTO outcome_hour VALUES (1, ?, 0, 7, 'fcm', 1, 'accepted', 5)", [late]),
    );
    await tidy(0);
    const [row] = await database().sql.rows<{ deliveries: number }>(
      `SELECT deliveries FROM outcome_day WHERE applicationId = 1 AND apiKeyId = 7 AND day = ${Date.UTC(2026, 4, 20)}`,
    );
    expect(Number(row?.deliveries)).toBe(8 * (7 + 8) + 5);
    expect(await seen()).not.toEqual(before);
  });

  test('are deleted when their time is over, and no sooner', async () => {
    await tidy(20);
    expect(await countOf('outcome_day', `day < ${now - 20 * dayMs}`)).toBe(0);
    expect(await countOf('outcome_day', `day >= ${now - 20 * dayMs}`)).toBe(4 * 4);
  });
});
