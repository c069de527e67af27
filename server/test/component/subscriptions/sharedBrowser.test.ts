/** Of a browser that several people use, each is given what was sent to them and nothing of the others. */
import { audienceFilter } from '../../../src/audience/audienceFilter';
import { must } from '../../support/api/accessWorld';
import { type ApiServer, browserSubscription, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const subscribe = 'mutation ($input: SubscribeInput!) { subscribe(input: $input) { subscription { id } } }';
const send = `mutation ($audience: AudienceInput!, $title: String!) {
  sendNotification(input: { audience: $audience, content: { title: $title } }) { notification { id } }
}`;
const history = `query ($userId: ID!) {
  deliveryHistory(userId: $userId, first: 50) { notification { content } delivery { subscription { userId } } }
}`;
const explain = `query ($id: ID!, $userId: ID!) {
  explainDelivery(notificationId: $id, userId: $userId) { reason browsers { reason delivery { id } } }
}`;
const deliveries = `query ($id: ID!, $userId: ID) {
  notification(id: $id) { deliveries(userId: $userId) { edges { node { subscription { userId tags } } } } }
}`;

type Node = { subscription: { userId: string | null; tags: string[] } };

describeEachDatabase('a shared browser', (database) => {
  let api: ApiServer;
  let application: SeededApplication;
  let now = Date.now();

  beforeAll(async () => {
    api = await startApiServer(database());
  });

  beforeEach(async () => {
    jest.spyOn(database().clock, 'now').mockImplementation(() => now);
    application = await seedApplication(database());
  });

  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => api.stop());

  const later = <T>(work: () => Promise<T>): Promise<T> => {
    now += 10;
    return work();
  };
  const as = (input: object) => later(() => must(api, application, subscribe, { input }));
  const tell = (audience: object, title: string) =>
    later(async () => {
      const { sendNotification } = await must<{ sendNotification: { notification: { id: string } } }>(
        api,
        application,
        send,
        { audience, title },
      );
      const notificationId = api.ids.decodeOne('notification', sendNotification.notification.id) ?? 0;
      // what the expander of a worker does
      await database().write((sql) =>
        sql.run(
          `INSERT INTO delivery (notificationId, subscriptionId, dispatchId, status, attempts, pushService)
           SELECT n.id, s.id, 1, 5, 1, s.pushService FROM notification n JOIN push_subscription s
             ON s.applicationId = n.applicationId WHERE n.id = ? AND n.lane = 'bulk' AND s.retiredAt IS NULL`,
          [notificationId],
        ),
      );
      await database().write((sql) =>
        sql.run('UPDATE notification SET targeted = 1, exhausted = 1 WHERE id = ?', [notificationId]),
      );
      return sendNotification.notification.id;
    });
  const exported = async (userId: string) => {
    const query = 'query ($userId: ID!) { exportPerson(userId: $userId) }';
    const answer = await must<{
      exportPerson: Record<'deliveries' | 'namedIn', { content: { title: string } }[]>;
    }>(api, application, query, { userId });
    return answer.exportPerson;
  };
  const titlesTo = async (userId: string) => {
    const { deliveryHistory } = await must<{
      deliveryHistory: { notification: { content: { title: string } } }[];
    }>(api, application, history, { userId });
    const titles = deliveryHistory.map(({ notification }) => notification.content.title);
    expect((await exported(userId)).deliveries.map(({ content }) => content.title)).toEqual(titles);
    return titles;
  };
  const nodesOf = async (id: string, userId?: string) =>
    (
      await must<{ notification: { deliveries: { edges: { node: Node }[] } } }>(
        api,
        application,
        deliveries,
        { id, userId },
      )
    ).notification.deliveries.edges.map(({ node }) => node.subscription);
  const explained = async (id: string, userId: string) =>
    (await must<{ explainDelivery: { browsers: object[] } }>(api, application, explain, { id, userId }))
      .explainDelivery.browsers;

  test('its next user is given nothing of the user before, nor of the time between', async () => {
    const subscription = browserSubscription();
    await as({ subscription, userId: 'ada', tags: ['a'] });
    const toAda = await tell({ userIds: ['ada'] }, 'to ada');
    const toAll = await tell({ everyone: true }, 'to all');
    expect(await titlesTo('ada')).toEqual(['to all', 'to ada']);
    expect(await nodesOf(toAll, 'ada')).toEqual([{ userId: 'ada', tags: ['a'] }]);

    await as({ subscription, detachUser: true });
    await tell({ everyone: true }, 'to nobody in particular');
    await as({ subscription, userId: 'bob', tags: ['b'] });
    expect(await titlesTo('bob')).toEqual([]);
    await tell({ userIds: ['bob'] }, 'to bob');
    const toAllAgain = await tell({ tags: { anyOf: ['b'] } }, 'to all again');
    // another visit of the same user changes nothing
    await as({ subscription, userId: 'bob' });

    expect(await titlesTo('bob')).toEqual(['to all again', 'to bob']);
    // a hash may hold these letters
    expect(JSON.stringify(await exported('bob'))).not.toMatch(/\bada\b/);
    expect(await exported('ada')).toMatchObject({
      ...{ deliveries: [], namedIn: [{ content: { title: 'to ada' } }] },
    });
    expect(await explained(toAda, 'bob')).toEqual([{ reason: 'SUBSCRIBED_LATER', delivery: null }]);
    expect(await explained(toAll, 'bob')).toEqual([{ reason: 'SUBSCRIBED_LATER', delivery: null }]);
    expect(await explained(toAllAgain, 'bob')).toMatchObject([{ delivery: { id: expect.any(String) } }]);
    expect(await nodesOf(toAda, 'bob')).toEqual([]);
    expect(await nodesOf(toAll, 'bob')).toEqual([]);
    expect(await nodesOf(toAll)).toEqual([{ userId: null, tags: [] }]);
    expect(await nodesOf(toAllAgain)).toEqual([{ userId: 'bob', tags: ['b'] }]);
  });

  test('a retired one that another user wakes gives nothing of before', async () => {
    const subscription = browserSubscription();
    await as({ subscription, userId: 'ada' });
    await tell({ userIds: ['ada'] }, 'to ada');
    const { endpoint } = subscription;
    const forget = 'mutation ($input: UnsubscribeInput!) { unsubscribe(input: $input) { unsubscribed } }';
    await later(() => must(api, application, forget, { input: { endpoint } }));
    expect(await titlesTo('ada')).toEqual(['to ada']);
    await as({ subscription, userId: 'bob' });
    expect(await titlesTo('bob')).toEqual([]);
  });

  test('what the user before did not get is not sent again to the next', async () => {
    const subscription = browserSubscription();
    await as({ subscription, userId: 'ada' });
    const failed = await tell({ everyone: true }, 'to all');
    const size = async () => {
      const query = 'query ($id: ID!) { audienceSize(audience: { failedOf: $id }) }';
      return (await must<{ audienceSize: number }>(api, application, query, { id: failed })).audienceSize;
    };
    /** Whom a notification to them is sent. */
    const meant = async () => {
      const failedOf = api.ids.decodeOne('notification', failed) ?? 0;
      const { where, values } = audienceFilter(application.id, { failedOf });
      return (await database().sql.rows(`SELECT s.id FROM push_subscription s WHERE ${where}`, values))
        .length;
    };
    expect([await size(), await meant()]).toEqual([1, 1]);
    await as({ subscription, userId: 'bob' });
    expect([await size(), await meant()]).toEqual([0, 0]);
  });

  test('a delivery made while the user changed is not given to the next user', async () => {
    const subscription = browserSubscription();
    await as({ subscription, userId: 'ada' });
    await tell({ userIds: ['ada'] }, 'to ada');
    await as({ subscription, userId: 'bob' });
    // as if the clock of the process that took the login had been behind
    await database().write((sql) =>
      sql.run("UPDATE push_subscription SET userSince = 1 WHERE userId = 'bob'"),
    );
    expect(await titlesTo('bob')).toEqual([]);
  });
});
