import { cancelNotification } from '../../../src/actions/notification/cancelNotification';
import { type Expander, startExpander } from '../../../src/audience/expander';
import { Notification } from '../../../src/database/entities/notification';
import { type Database, openDatabase } from '../../../src/database/openDatabase';
import type { Audience } from '../../../src/model/audience';
import { dayMs } from '../../../src/model/timeSpans';
import { silentLog } from '../../../src/observe/log';
import { seedApplication } from '../../support/api/seedApplication';
import { describeEachKind } from '../../support/engines/engines';
import { type FreshDatabase, freshDatabase } from '../../support/engines/freshDatabase';
import { recordReads } from '../../support/engines/queryPlans';
import { until } from '../../support/until';

const services = ['fcm', 'mozilla', 'apple'];

describeEachKind('audience expansion', (kind) => {
  let fresh: FreshDatabase;
  let database: Database;
  let expanders: Expander[];

  beforeEach(async () => {
    fresh = await freshDatabase(kind);
    database = await openDatabase(fresh.target);
    await database.migrate();
    expanders = [];
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(expanders.map((expander) => expander.stop()));
    await database.close();
    await fresh.drop();
  });

  const subscribers = async (count: number, applicationId = 1) => {
    const rows = Array.from(
      { length: count },
      (_, index) =>
        `(${applicationId}, X'${(applicationId * 1_000_000 + index).toString(16).padStart(64, '0')}', 'https://fcm.googleapis.com/${index}', X'04', X'01', 1, '${services[index % 3]}', 'user-${index % 10}', 1, 1, 1)`,
    );
    await database.write((sql) =>
      sql.run(
        `INSERT INTO push_subscription (applicationId, endpointHash, endpoint, p256dh, sealedAuth, vapidKeyId, pushService, userId, createdAt, lastSeenAt, version) VALUES ${rows.join(',')}`,
      ),
    );
  };
  const notify = async (audience: Audience, dueAt = Date.now()): Promise<number> => {
    const lane = audience.userIds ? 'transactional' : 'bulk';
    const { insertId } = await database.write((sql) =>
      sql.run(
        `INSERT INTO notification (applicationId, apiKeyId, status, lane, audience, content, receiptUrl, ttlSeconds, urgency, inputHash, createdAt, deadlineAt, expandDueAt, expandCursor)
         VALUES (1, 1, 'SENDING', ?, ?, '{"title":"x"}', 'http://localhost/graphql', 60, 'normal', X'00', ?, ?, ?, 0)`,
        [lane, JSON.stringify(audience), Date.now(), Date.now() + 60_000, dueAt],
      ),
    );
    return insertId;
  };
  const start = (onPage: () => void = () => undefined, seen = database) => {
    const expander = startExpander({ database: seen, log: silentLog, onPage });
    expanders.push(expander);
    return expander;
  };
  const read = (id: number) => database.entities.findOneByOrFail(Notification, { id });
  const expanded = (id: number) =>
    until(async () => {
      const row = await read(id);
      return row.expandDueAt === null ? row : undefined;
    }, 'the expansion to end');
  const count = async (statement: string) =>
    Number((await database.sql.rows<{ size: number }>(statement))[0]?.size);

  test('one delivery for each, dispatches of at most 500 and of one push service', async () => {
    await subscribers(4_321);
    await subscribers(50, 2);
    start();
    expect((await expanded(await notify({ everyone: true }))).targeted).toBe(4_321);
    expect(await count('SELECT COUNT(*) AS size FROM delivery')).toBe(4_321);
    expect(await count('SELECT COUNT(DISTINCT subscriptionId) AS size FROM delivery')).toBe(4_321);
    const largest = await count(
      'SELECT MAX(size) AS size FROM (SELECT COUNT(*) AS size FROM delivery GROUP BY dispatchId) sizes',
    );
    expect(largest).toBeLessThanOrEqual(500);
    const strays = await count(
      `SELECT COUNT(*) AS size FROM delivery d JOIN dispatch p ON p.id = d.dispatchId
       WHERE d.pushService <> p.pushService OR d.subscriptionId NOT BETWEEN p.firstSubscriptionId AND p.lastSubscriptionId`,
    );
    expect(strays).toBe(0);
  });

  test('goes on where another process was killed, without gap or repeat', async () => {
    await subscribers(6_500);
    const id = await notify({ everyone: true });
    const killed = start(() => void killed.stop());
    await until(async () => (await read(id)).expandCursor > 0, 'a first page');
    await killed.stop();
    expect((await read(id)).targeted).toBeLessThan(6_500);
    await database.write((sql) => sql.run('UPDATE notification SET expandLeaseUntil = 1'));
    start();
    expect((await expanded(id)).targeted).toBe(6_500);
    expect(await count('SELECT COUNT(*) AS size FROM delivery')).toBe(6_500);
  });

  test('several processes share the work without doing it twice', async () => {
    await subscribers(5_000);
    const ids = [await notify({ everyone: true }), await notify({ everyone: true })];
    start();
    start();
    start();
    for (const id of ids) expect((await expanded(id)).targeted).toBe(5_000);
    expect(await count('SELECT COUNT(*) AS size FROM delivery')).toBe(10_000);
  });

  test('what is for named people is not kept waiting by a broadcast', async () => {
    await subscribers(6_500);
    const broadcast = await notify({ everyone: true }, Date.now() - 1_000);
    const named = await notify({ userIds: ['user-1'] });
    start();
    for (const id of [broadcast, named]) await expanded(id);
    const lastDispatch = (id: number) =>
      count(`SELECT MAX(id) AS size FROM dispatch WHERE notificationId = ${id}`);
    expect(await lastDispatch(named)).toBeLessThan(await lastDispatch(broadcast));
  });

  test('stops at the page where it is cancelled', async () => {
    await subscribers(9_000);
    const id = await notify({ everyone: true });
    let cancelled: Promise<unknown> | undefined;
    // the next page comes after the cancellation
    const inTurn: Database = {
      ...database,
      sqlTransaction: async (work) => {
        await cancelled;
        return database.sqlTransaction(work);
      },
    };
    start(() => {
      cancelled ??= cancelNotification({ database }, id);
    }, inTurn);
    const row = await until(async () => {
      const current = await read(id);
      return current.status === 'CANCELLED' ? current : undefined;
    }, 'the cancellation');
    await cancelled;
    const proof = await notify({ userIds: ['user-1'] });
    await expanded(proof);
    expect(row.targeted).toBeLessThan(9_000);
    expect((await read(id)).targeted).toBe(row.targeted);
  });

  test('who has a rare tag is found in steps that are committed one by one, all others at once', async () => {
    await subscribers(10_500);
    const last = await count('SELECT MAX(id) AS size FROM push_subscription');
    await database.write((sql) =>
      sql.run(`INSERT INTO subscription_tag (subscriptionId, tag, applicationId) VALUES (?, 'rare', 1)`, [
        last,
      ]),
    );
    const { database: recorded, asked } = recordReads(database);
    start(() => undefined, recorded);
    expect((await expanded(await notify({ tags: { anyOf: ['rare'] } }))).targeted).toBe(1);
    const ends = asked.filter(({ statement }) => statement.includes('OFFSET'));
    // each begins where the one before has moved the cursor to
    expect(ends.map(({ values }) => values)).toEqual([
      [1, 0, 9_999, 1],
      [1, last - 500, 9_999, 1],
    ]);
    expect((await expanded(await notify({ everyone: true }))).targeted).toBe(10_500);
    expect(asked.filter(({ statement }) => statement.includes('OFFSET'))).toHaveLength(ends.length);
  });

  test('a broadcast leaves out who was not seen for long by the database’s clock, and named people are reached', async () => {
    const now = Date.now() + 100 * dayMs;
    jest.spyOn(database.clock, 'now').mockReturnValue(now);
    const { id } = await seedApplication(database);
    await subscribers(20, id);
    const run = (text: string, values: number[]) => database.write((sql) => sql.run(text, values));
    await run('UPDATE application SET staleAfterDays = 30 WHERE id = ?', [id]);
    const seen = 'UPDATE push_subscription SET lastSeenAt = ? WHERE userId';
    await run(`${seen} = 'user-7'`, [now - 31 * dayMs]);
    await run(`${seen} <> 'user-7'`, [now - 29 * dayMs]);
    start();
    expect((await expanded(await notify({ everyone: true }))).targeted).toBe(18);
    expect((await expanded(await notify({ userIds: ['user-7', 'user-8'] }))).targeted).toBe(4);
  });

  test('an audience of nobody is complete at once', async () => {
    start();
    expect(await expanded(await notify({ userIds: ['nobody'] }))).toMatchObject({
      targeted: 0,
      status: 'COMPLETED',
    });
  });

  test('nothing is expanded before its time', async () => {
    await subscribers(10);
    const later = await notify({ everyone: true }, Date.now() + 60_000);
    start();
    await expanded(await notify({ everyone: true }));
    expect((await read(later)).targeted).toBe(0);
  });
});
