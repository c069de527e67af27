/** Somebody who was forgotten occurs in no column of any table. */
import { createHash } from 'node:crypto';
import { deletePerson } from '../../../src/actions/person/deletePerson';
import { must } from '../../support/api/accessWorld';
import { type ApiServer, browserSubscription, codeOf, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const marker = 'zaphod-7f3a';
const subscribe = 'mutation ($input: SubscribeInput!) { subscribe(input: $input) { subscription { id } } }';
const send =
  'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { replayed notification { id } } }';
const forget = 'mutation ($userId: ID!) { deletePerson(userId: $userId) }';
const plain = { title: 'Hello' };
const telling = {
  ...{
    title: `Dear ${marker}`,
    body: `${marker} has mail`,
    tag: marker,
    navigate: `https://x.example/${marker}`,
  },
  actions: [{ action: marker, title: marker, navigate: `https://x.example/${marker}` }],
  data: { [marker]: [marker] },
};

describeEachDatabase('a person who is forgotten', (database) => {
  let api: ApiServer;
  let application: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
    application = await seedApplication(database());
  });

  afterAll(() => api.stop());

  const register = async (input: object) =>
    (await must<{ subscribe: { subscription: { id: string } } }>(api, application, subscribe, { input }))
      .subscribe.subscription.id;
  const sendIt = (input: object) =>
    must<{ sendNotification: { replayed: boolean; notification: { id: string } } }>(api, application, send, {
      input,
    });

  /** Tables and columns with the marker, whatever the schema has. */
  const placesOf = async (needles: readonly (string | Buffer)[]) => {
    const names = await database().sql.rows<{ name: string }>(
      database().kind === 'mysql'
        ? 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()'
        : "SELECT name FROM sqlite_master WHERE type = 'table'",
    );
    expect(names.length).toBeGreaterThan(10);
    const found: string[] = [];
    for (const { name } of names) {
      for (const row of await database().sql.rows<Record<string, unknown>>(`SELECT * FROM ${name}`)) {
        for (const [column, value] of Object.entries(row)) {
          const bytes =
            value instanceof ArrayBuffer
              ? Buffer.from(value)
              : Buffer.isBuffer(value)
                ? value
                : Buffer.from(String(value));
          if (needles.some((needle) => bytes.includes(needle))) found.push(`${name}.${column}`);
        }
      }
    }
    return [...new Set(found)].sort();
  };

  test('occurs in no column of any table', async () => {
    const old = browserSubscription();
    await register({ subscription: old, userId: marker, tags: [marker] });
    const renewed = browserSubscription();
    const id = await register({ subscription: renewed, replaces: old.endpoint, replacesAuth: old.keys.auth });
    await register({ subscription: browserSubscription(), userId: 'another' });
    const personal = { content: telling, topic: marker, idempotencyKey: marker };
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    await sendIt({ ...personal, audience: { userIds: [marker] } });
    await sendIt({ ...personal, audience: { subscriptionIds: [id] }, idempotencyKey: `1 ${marker}` });
    await sendIt({ ...personal, audience: { userIds: [marker] }, sendAt, idempotencyKey: `2 ${marker}` });
    await sendIt({ ...personal, audience: { subscriptionIds: [id] }, sendAt, idempotencyKey: `3 ${marker}` });
    const both = { audience: { userIds: [marker, 'another'] }, content: plain };
    await sendIt({ ...both, topic: marker, idempotencyKey: `4 ${marker}` });
    await sendIt({ ...both, topic: 'weekly', idempotencyKey: 'week 1' });
    for (const query of [
      'exportPerson(userId: $u)',
      'deliveryHistory(userId: $u) { cursor }',
      'person(userId: $u) { userId }',
    ]) {
      await must(api, application, `query ($u: ID!) { ${query} }`, { u: marker });
    }
    // a browser that has gone on to somebody else
    const shared = browserSubscription();
    await register({ subscription: shared, userId: marker, tags: [marker] });
    await sendIt({ audience: { userIds: [marker] }, content: telling });
    await register({ subscription: shared, userId: 'another', tags: [] });
    const needles = [marker, createHash('sha256').update(marker).digest(), old.endpoint, renewed.endpoint];
    expect(await placesOf(needles)).toEqual(
      expect.arrayContaining(['notification.content', 'push_subscription.userId', 'subscription_tag.tag']),
    );

    await must(api, application, forget, { userId: marker });
    expect(await placesOf(needles)).toEqual([]);

    // what names others as well is still there, and is not sent twice
    const again = await api.call(application.admin, send, {
      input: { ...both, topic: 'weekly', idempotencyKey: 'week 1' },
    });
    expect(codeOf(again)).toBe('IDEMPOTENCY_CONFLICT');
    const { exportPerson } = await must<{ exportPerson: { namedIn: object[] } }>(
      api,
      application,
      'query { exportPerson(userId: "another") }',
    );
    expect(exportPerson.namedIn).toMatchObject([{ content: plain }, { content: plain }]);
    expect(await sendIt({ ...personal, audience: { userIds: [marker] } })).toMatchObject({
      sendNotification: { replayed: false },
    });
  });

  test('two whom one notification names are forgotten at the same moment', async () => {
    const people = Array.from({ length: 8 }, (_, index) => `${marker}-${index}`);
    await sendIt({ audience: { userIds: people }, content: telling, topic: marker });
    await Promise.all(
      people.map((userId) =>
        deletePerson({ database: database(), personHashes: api.personHashes }, application.id, userId),
      ),
    );
    // the one above was sent anew after it was forgotten
    await must(api, application, forget, { userId: marker });
    expect(await placesOf([marker])).toEqual([]);
  });
});
