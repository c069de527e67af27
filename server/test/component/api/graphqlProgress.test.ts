import type { Client } from 'graphql-ws';
import { ProgressWatch } from '../../../src/views/notification/progressWatch';
import { type ApiServer, browserSubscription, startApiServer } from '../../support/api/apiServer';
import { errorsOf, socketTo } from '../../support/api/graphqlSockets';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';
import { until } from '../../support/until';

interface Progress {
  notificationProgress: { id: string; status: string; progress: { accepted: number; pending: number } };
}

interface Watching {
  readonly seen: Progress[];
  readonly errors: { message: string; extensions?: { code?: string } }[];
  ended: boolean;
  stop(): void;
}

describeEachDatabase('notificationProgress', (database) => {
  let api: ApiServer;
  let application: SeededApplication;
  const clients: Client[] = [];

  beforeAll(async () => {
    api = await startApiServer(database());
    application = await seedApplication(database());
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
  });

  afterAll(() => api.stop());

  const send = async (userId: string) => {
    const answer = await api.call<{ sendNotification: { notification: { id: string } } }>(
      application.admin,
      'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } } }',
      { input: { audience: { userIds: [userId] }, content: { title: 'Hi' } } },
    );
    return answer.data?.sendNotification.notification.id ?? '';
  };
  const subscribe = (userId: string) =>
    api.call(
      application.publishable,
      'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }',
      {
        input: { subscription: browserSubscription(), userId },
      },
    );
  const settle = (id: string, assignment: string) =>
    database().write((sql) =>
      sql.run(`UPDATE notification SET ${assignment} WHERE id = ?`, [
        api.ids.decodeOne('notification', id) ?? 0,
      ]),
    );
  const connect = (key?: string, server = api) => {
    const client = socketTo(server.http.url, key);
    clients.push(client);
    return client;
  };
  const watch = (client: Client, id: string, query?: string): Watching => {
    const watching: Watching = { seen: [], errors: [], ended: false, stop: () => undefined };
    const end = () => {
      watching.ended = true;
    };
    watching.stop = client.subscribe<Progress>(
      {
        query:
          query ??
          'subscription ($id: ID!) { notificationProgress(id: $id) { id status progress { accepted pending } } }',
        variables: { id },
      },
      {
        next: (result) => {
          if (result.data) watching.seen.push(result.data);
          watching.errors.push(...((result.errors ?? []) as Watching['errors']));
        },
        error: (fault) => {
          const errors = errorsOf(fault);
          if (Array.isArray(errors)) watching.errors.push(...errors);
          end();
        },
        complete: end,
      },
    );
    return watching;
  };
  const accepted = (watching: Watching) =>
    watching.seen.map(({ notificationProgress }) => notificationProgress.progress.accepted);

  test('tells the state now, each change, and the end', async () => {
    await subscribe('walker');
    await subscribe('walker');
    const id = await send('walker');
    const client = connect(application.admin);
    const [one, two] = [watch(client, id), watch(client, id)];
    await until(() => one.seen.length === 1 && two.seen.length === 1, 'the first state');
    expect(one.seen[0]?.notificationProgress).toEqual({
      id,
      status: 'SENDING',
      progress: { accepted: 0, pending: 2 },
    });
    await settle(id, 'accepted = 1');
    await until(() => one.seen.length === 2, 'the change');
    await settle(id, `accepted = 2, status = 'COMPLETED', completedAt = 1`);
    await until(() => one.ended && two.ended, 'the end');
    expect(accepted(one)).toEqual([0, 1, 2]);
    expect(one.seen.at(-1)?.notificationProgress.status).toBe('COMPLETED');
    expect(one.errors).toEqual([]);
  });

  test('a finished notification is told once', async () => {
    const watching = watch(connect(application.admin), await send('nobody'));
    await until(() => watching.ended, 'the end');
    expect(watching.seen.map((each) => each.notificationProgress.status)).toEqual(['COMPLETED']);
  });

  test('who leaves watches no longer', async () => {
    await subscribe('leaver');
    const begun = jest.spyOn(ProgressWatch.prototype, 'watch');
    const watching = watch(connect(application.admin), await send('leaver'));
    await until(() => watching.seen.length === 1, 'the first state');
    const [progressWatch] = begun.mock.contexts;
    begun.mockRestore();
    expect(progressWatch?.watchers).toBe(1);
    watching.stop();
    await until(() => progressWatch?.watchers === 0, 'the end of the watch');
  });

  test.each<[string, () => string | undefined | Promise<string>, string]>([
    ['no key', () => undefined, 'UNAUTHENTICATED'],
    ['an unknown key', () => 'fs_unknownunknownunknown', 'UNAUTHENTICATED'],
    ['a publishable key', () => application.publishable, 'FORBIDDEN'],
    ['a key without the scope', () => application.secretKey('notifications:send'), 'FORBIDDEN'],
    ['a key that did not send it', () => application.secretKey('notifications:read'), 'NOT_FOUND'],
  ])('%s is refused', async (_name, key, code) => {
    const watching = watch(connect(await key()), await send('nobody'));
    await until(() => watching.ended, 'the refusal');
    expect(watching.errors[0]?.extensions?.code).toBe(code);
    expect(watching.seen).toEqual([]);
  });

  test.each([
    ['a query', '{ vapidPublicKey }'],
    ['a document that does not parse', 'subscription {'],
    ['a field that does not exist', 'subscription { nonsense }'],
    ['a fragment that spreads itself', 'subscription { ...a } fragment a on Subscription { ...a }'],
  ])('%s is refused', async (_name, query) => {
    const watching = watch(connect(application.admin), '', query);
    await until(() => watching.ended, 'the refusal');
    expect(watching.errors[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  test('a key that is revoked ends what it watches', async () => {
    await subscribe('revoked');
    const made = await api.call<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
      application.admin,
      'mutation { createApiKey(input: { name: "x", kind: SECRET, scopes: ["admin"] }) { secret apiKey { id } } }',
    );
    const id = await send('revoked');
    const watching = watch(connect(made.data?.createApiKey.secret), id);
    await until(() => watching.seen.length === 1, 'the first state');
    await api.call(application.admin, 'mutation ($id: ID!) { revokeApiKey(id: $id) }', {
      id: made.data?.createApiKey.apiKey.id,
    });
    await settle(id, 'accepted = 1');
    await until(() => watching.ended, 'the end');
    expect(accepted(watching)).toEqual([0]);
  });

  test('an application that is stopped ends what its keys watch, and not what its admins do', async () => {
    const abused = await seedApplication(database());
    const key = await abused.secretKey('notifications:send', 'notifications:read');
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const answer = await api.call<{ sendNotification: { notification: { id: string } } }>(
      key,
      'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } } }',
      { input: { audience: { userIds: ['x'] }, content: { title: 'Hi' }, sendAt } },
    );
    const id = answer.data?.sendNotification.notification.id ?? '';
    const [watching, admin] = [watch(connect(key), id), watch(connect(abused.admin), id)];
    await until(() => watching.seen.length === 1 && admin.seen.length === 1, 'the first state');
    const stop = api.call(abused.admin, 'mutation ($id: ID!) { stopApplication(id: $id) { id } }', {
      id: api.ids.encode('application', abused.id),
    });
    await until(() => watching.ended && admin.ended, 'the end');
    const statuses = ({ seen }: Watching) => seen.map((each) => each.notificationProgress.status);
    expect([statuses(watching), statuses(admin)]).toEqual([['SCHEDULED'], ['SCHEDULED', 'CANCELLED']]);
    await stop;
  });

  test('stopping closes the sockets with 1001', async () => {
    const stopping = await startApiServer(database(), { ids: api.ids });
    await subscribe('stopped');
    const client = connect(application.admin, stopping);
    let code: number | undefined;
    client.on('closed', (event) => {
      code = (event as { code: number }).code;
    });
    const watching = watch(client, await send('stopped'));
    await until(() => watching.seen.length === 1, 'the first state');
    await stopping.stop();
    await until(() => code !== undefined, 'the close');
    expect(code).toBe(1001);
  });
});
