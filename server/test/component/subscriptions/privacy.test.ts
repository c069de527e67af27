import { completeIfSettled } from '../../../src/database/completeIfSettled';
import { Notification } from '../../../src/database/entities/notification';
import { PushSubscription } from '../../../src/database/entities/pushSubscription';
import { insertion } from '../../../src/database/sql';
import { purge } from '../../../src/janitor/purge';
import { createAccessWorld, must, sendTo, subscribeOne } from '../../support/api/accessWorld';
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const dayMs = 86_400_000;
const deletePerson = 'mutation ($userId: ID!) { deletePerson(userId: $userId) }';
const exportPerson = 'query ($userId: ID!) { exportPerson(userId: $userId) }';

describeEachDatabase('privacy', (database) => {
  let api: ApiServer;
  let application: SeededApplication;
  let other: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
    application = await seedApplication(database());
    other = await seedApplication(database());
  });

  afterAll(() => api.stop());

  const settleAll = (id: string, completedAt: number) =>
    database().transaction(async ({ sql }) => {
      const notificationId = api.ids.decodeOne('notification', id) ?? 0;
      await sql.run('UPDATE delivery SET status = 1 WHERE notificationId = ?', [notificationId]);
      await sql.run(
        "UPDATE notification SET status = 'COMPLETED', accepted = targeted, completedAt = ? WHERE id = ?",
        [completedAt, notificationId],
      );
      await sql.run('DELETE FROM dispatch WHERE notificationId = ?', [notificationId]);
    });
  const countOf = async (table: string, where: string) => {
    const [row] = await database().sql.rows<{ n: number }>(
      `SELECT COUNT(*) AS n FROM ${table} WHERE ${where}`,
    );
    return Number(row?.n);
  };

  test.each(['ann', 'ann "100%" \\_!', 'ännchen'])(
    'the user %j is exported and forgotten',
    async (userId) => {
      const tag = `tag ${userId.length}`;
      const world = await createAccessWorld(api, application, { userId, tag });
      await subscribeOne(api, application, { userId: `${userId} too`, tags: [tag] });
      await subscribeOne(api, other, { userId, tags: [tag] });
      const first = await must<{ exportPerson: Record<string, unknown> }>(api, application, exportPerson, {
        userId,
      });
      expect(first.exportPerson).toMatchObject({
        userId,
        complete: true,
        pushSubscriptions: [
          { pushService: 'push.example.org', tags: [tag], endpointSha256: expect.any(String) },
        ],
        deliveries: [{ notification: world.notificationId, content: { title: 'x' }, status: 'PENDING' }],
      });
      expect(JSON.stringify(first)).not.toContain('https://push.example.org');

      expect(await must(api, application, deletePerson, { userId })).toEqual({ deletePerson: 1 });
      expect(await must(api, application, deletePerson, { userId })).toEqual({ deletePerson: 0 });
      const left = await must<{ exportPerson: Record<string, unknown> }>(api, application, exportPerson, {
        userId,
      });
      expect(left.exportPerson).toMatchObject({ pushSubscriptions: [], deliveries: [] });
      const rows = await database().entities.find(Notification, { where: { applicationId: application.id } });
      expect(JSON.stringify(rows.map((row) => row.audience.userIds))).not.toContain(JSON.stringify(userId));
      // whoever is called nearly the same, and the same name elsewhere, stay
      const size = 'query ($userId: ID!) { audienceSize(audience: { userIds: [$userId] }) }';
      expect(await must(api, application, size, { userId: `${userId} too` })).toEqual({ audienceSize: 1 });
      expect(await must(api, other, size, { userId })).toEqual({ audienceSize: 1 });
      expect(await must(api, other, deletePerson, { userId })).toEqual({ deletePerson: 1 });
    },
  );

  test('an export tells of verification, failed attempts and notifications that found no browser', async () => {
    const userId = 'known well';
    const lonely = await sendTo(api, application, userId);
    const world = await createAccessWorld(api, application, { userId, tag: userId });
    const notificationId = api.ids.decodeOne('notification', world.notificationId);
    await database().transaction(async ({ sql }) => {
      await sql.run(
        `UPDATE push_subscription SET expirationTime = 8640000000000001, userSince = 1, verifiedAt = 1000, welcomedAt = 2000,
           retiredAt = 3000, retiredReason = 'gone' WHERE userId = ?`,
        [userId],
      );
      await sql.run(
        `INSERT INTO attempt (notificationId, subscriptionId, attempt, at, httpStatus, reason)
         SELECT notificationId, subscriptionId, 1, 4000, 503, 'unavailable' FROM delivery WHERE notificationId = ?`,
        [notificationId ?? 0],
      );
      await sql.run(
        `UPDATE delivery SET attempts = 2, httpStatus = 410, reason = 'gone' WHERE notificationId = ?`,
        [notificationId ?? 0],
      );
    });
    // a tag that is called like the user names nobody
    await must(
      api,
      application,
      'mutation { sendNotification(input: { audience: { tags: { anyOf: ["known well"] } }, content: { title: "x" } }) { replayed } }',
    );
    const { exportPerson: exported } = await must<{ exportPerson: Record<string, unknown> }>(
      api,
      application,
      exportPerson,
      { userId },
    );
    expect(exported).toMatchObject({
      pushSubscriptions: [
        {
          expirationTime: 8_640_000_000_000_001,
          verifiedAt: '1970-01-01T00:00:01.000Z',
          welcomedAt: '1970-01-01T00:00:02.000Z',
          retiredReason: 'gone',
        },
      ],
      deliveries: [
        {
          ...{ notification: world.notificationId, httpStatus: 410, reason: 'gone', attempts: 2 },
          failedAttempts: [{ at: '1970-01-01T00:00:04.000Z', httpStatus: 503, reason: 'unavailable' }],
        },
      ],
      namedIn: [
        { notification: world.notificationId, content: { title: 'x' } },
        { notification: lonely, content: { title: 'x' }, sentAt: expect.any(String) },
      ],
    });
    await must(api, application, deletePerson, { userId });
    const left = await must<{ exportPerson: Record<string, unknown> }>(api, application, exportPerson, {
      userId,
    });
    expect(left.exportPerson).toMatchObject({ pushSubscriptions: [], deliveries: [], namedIn: [] });
  });

  test('a scheduled notification for somebody forgotten reaches nobody', async () => {
    const userId = 'scheduled';
    await subscribeOne(api, application, { userId, tags: [] });
    const { sendNotification } = await must<{ sendNotification: { notification: { id: string } } }>(
      api,
      application,
      'mutation ($at: DateTime!) { sendNotification(input: { audience: { userIds: ["scheduled"] }, content: { title: "x" }, sendAt: $at }) { notification { id } } }',
      { at: new Date(Date.now() + dayMs).toISOString() },
    );
    await must(api, application, deletePerson, { userId });
    await subscribeOne(api, application, { userId, tags: [] });
    const id = api.ids.decodeOne('notification', sendNotification.notification.id);
    const row = await database().entities.findOneByOrFail(Notification, { id: id ?? 0 });
    expect(row.audience.userIds).toEqual(['']);
  });

  test('content is forgotten with the last delivery, where the application wants it', async () => {
    const discreet = await seedApplication(database());
    const id = api.ids.encode('application', discreet.id);
    await must(
      api,
      discreet,
      'mutation ($id: ID!) { updateApplication(id: $id, settings: { redactContent: true }) { id } }',
      { id },
    );
    const titles = async () => {
      const sent = [await sendTo(api, discreet, 'nobody'), await sendTo(api, application, 'nobody')];
      const rows = await Promise.all(
        sent.map((each) =>
          database().entities.findOneByOrFail(Notification, {
            id: api.ids.decodeOne('notification', each) ?? 0,
          }),
        ),
      );
      return rows.map((row) => [row.status, row.content.title]);
    };
    expect(await titles()).toEqual([
      ['COMPLETED', ''],
      ['COMPLETED', 'x'],
    ]);
  });

  test('content that was forgotten is null to whoever asks for it', async () => {
    const discreet = await seedApplication(database());
    await must(
      api,
      discreet,
      'mutation ($id: ID!) { updateApplication(id: $id, settings: { redactContent: true }) { id } }',
      { id: api.ids.encode('application', discreet.id) },
    );
    const { notificationId } = await createAccessWorld(api, discreet, { userId: 'ann', tag: 'ann' });
    const read = async () => {
      const { notification } = await must<{ notification: { content: object | null } }>(
        api,
        discreet,
        'query ($id: ID!) { notification(id: $id) { content } }',
        { id: notificationId },
      );
      const answer = await must<{ exportPerson: { deliveries: { content: object | null }[] } }>(
        api,
        discreet,
        exportPerson,
        { userId: 'ann' },
      );
      return [notification.content, ...answer.exportPerson.deliveries.map((each) => each.content)];
    };
    expect(await read()).toEqual([{ title: 'x' }, { title: 'x' }]);
    const id = api.ids.decodeOne('notification', notificationId) ?? 0;
    const { text, values } = completeIfSettled(id, Date.now());
    await database().transaction(async ({ sql }) => {
      await sql.run('UPDATE notification SET accepted = targeted WHERE id = ?', [id]);
      await sql.run(text, values);
    });
    expect(await read()).toEqual([null, null]);
  });

  test('what is past its time goes, all of it and nothing else', async () => {
    const tenant = await seedApplication(database());
    const now = Date.now();
    const world = await createAccessWorld(api, tenant, { userId: 'old', tag: 'old' });
    const recent = await sendTo(api, tenant, 'old');
    const open = await sendTo(api, tenant, 'old');
    await settleAll(world.notificationId, now - 31 * dayMs);
    await settleAll(recent, now - 29 * dayMs);
    const [oldId, recentId, openId] = [world.notificationId, recent, open].map((each) =>
      api.ids.decodeOne('notification', each),
    );
    await database().write((sql) =>
      sql.run(
        `INSERT INTO attempt (notificationId, subscriptionId, attempt, at, reason)
         SELECT notificationId, subscriptionId, 1, 1, 'x' FROM delivery WHERE notificationId = ${oldId}`,
      ),
    );
    const gone = await subscribeOne(api, tenant, { userId: 'gone', tags: ['gone'] });
    const goneId = api.ids.decodeOne('subscription', gone);
    await database().write((sql) =>
      sql.run(`UPDATE push_subscription SET retiredAt = ? WHERE id = ${goneId}`, [now - 31 * dayMs]),
    );
    await database().write((sql) => sql.run("INSERT INTO rate_window VALUES ('long ago', 1, 1)"));
    for (const [hash, days] of [
      ['a', 31],
      ['b', 29],
    ] as const) {
      const erasure = {
        applicationId: tenant.id,
        userHash: Buffer.alloc(32, hash),
        erasedAt: now - days * dayMs,
      };
      await database().sqlTransaction((sql) => sql.commitWith([insertion('erased_person', erasure)]));
    }

    const keep = await purge({ database: database(), retentionDays: 0, statisticsDays: 0 });
    expect(keep).toMatchObject({ notifications: 0, pushSubscriptions: 0 });
    expect(keep.rateWindows).toBeGreaterThanOrEqual(1);
    // a round that is cut off leaves no notification without its deliveries
    let steps = 0;
    await purge({ database: database(), retentionDays: 30, statisticsDays: 0 }, () => steps++ < 2);
    await purge({ database: database(), retentionDays: 30, statisticsDays: 0 });

    expect(await countOf('notification', `id = ${oldId}`)).toBe(0);
    expect(await countOf('delivery', `notificationId = ${oldId}`)).toBe(0);
    expect(await countOf('attempt', `notificationId = ${oldId}`)).toBe(0);
    expect(await countOf('delivery', `notificationId IN (${recentId}, ${openId})`)).toBe(2);
    expect(await countOf('push_subscription', `id = ${goneId}`)).toBe(0);
    expect(await countOf('subscription_tag', `subscriptionId = ${goneId}`)).toBe(0);
    expect(await countOf('erased_person', `applicationId = ${tenant.id}`)).toBe(1);
    const live = await database().entities.countBy(PushSubscription, { applicationId: tenant.id });
    expect(live).toBe(1);
    const again = await purge({ database: database(), retentionDays: 30, statisticsDays: 0 });
    expect(Object.values(again)).toEqual([0, 0, 0, 0, 0]);
  });
});
