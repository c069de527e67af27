import type { AccessWorld } from './accessMatrix';
import { type ApiServer, browserSubscription } from './apiServer';
import type { SeededApplication } from './seedApplication';

const rotate = 'mutation { rotateVapidKey { publicKey } }';

/** Asks as an admin of the application; throws what was refused. */
export async function must<Data>(
  api: ApiServer,
  application: SeededApplication,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Data> {
  const answer = await api.call<Data>(application.admin, query, variables);
  if (!answer.data) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

/** A key with the scope admin. */
export async function makeKey(
  api: ApiServer,
  application: SeededApplication,
): Promise<{ secret: string; apiKey: { id: string } }> {
  const { createApiKey } = await must<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
    api,
    application,
    'mutation { createApiKey(input: { name: "x", kind: SECRET, scopes: ["admin"] }) { secret apiKey { id } } }',
  );
  return createApiKey;
}

/** Rows of an application for every kind of argument, all about one user and one tag. */
export async function createAccessWorld(
  api: ApiServer,
  application: SeededApplication,
  { userId, tag }: { userId: string; tag: string },
): Promise<AccessWorld> {
  const subscriptionId = await subscribeOne(api, application, { userId, tags: [tag] });
  const freshNotification = () => sendTo(api, application, userId);
  const notificationId = await freshNotification();
  const unused = await must<{ rotateVapidKey: { publicKey: string } }>(api, application, rotate);
  await must(api, application, rotate);
  return {
    applicationId: api.ids.encode('application', application.id),
    oldVapidKey: unused.rotateVapidKey.publicKey,
    ...{ notificationId, subscriptionId, userId, tag, freshNotification },
    deadDispatch: async () => setAside(api, await freshNotification()),
    freshApiKey: async () => (await makeKey(api, application)).apiKey.id,
    receiptToken: api.receiptTokens.issue(
      api.ids.decodeOne('notification', notificationId) ?? 0,
      api.ids.decodeOne('subscription', subscriptionId) ?? 0,
    ),
    subscriptionText: () => {
      const { endpoint, keys } = browserSubscription();
      return `{ endpoint: "${endpoint}", keys: { p256dh: "${keys.p256dh}", auth: "${keys.auth}" } }`;
    },
  };
}

/** @returns its id */
export async function subscribeOne(
  api: ApiServer,
  application: SeededApplication,
  input: { userId: string; tags: string[] },
): Promise<string> {
  const { subscribe } = await must<{ subscribe: { subscription: { id: string } } }>(
    api,
    application,
    'mutation ($input: SubscribeInput!) { subscribe(input: $input) { subscription { id } } }',
    { input: { subscription: browserSubscription(), ...input } },
  );
  return subscribe.subscription.id;
}

/** @returns the id of the notification */
export async function sendTo(
  api: ApiServer,
  application: SeededApplication,
  userId: string,
): Promise<string> {
  const { sendNotification } = await must<{ sendNotification: { notification: { id: string } } }>(
    api,
    application,
    'mutation ($user: ID!) { sendNotification(input: { audience: { userIds: [$user] }, content: { title: "x" } }) { notification { id } } }',
    { user: userId },
  );
  return sendNotification.notification.id;
}

/** @returns the id of the notification's dispatch, as if no worker could have finished it */
async function setAside(api: ApiServer, notificationId: string): Promise<string> {
  const { ids, database } = api;
  const id = ids.decodeOne('notification', notificationId) ?? 0;
  await database.write((sql) => sql.run('UPDATE dispatch SET deadAt = 1 WHERE notificationId = ?', [id]));
  const [row] = await database.sql.rows<{ id: number }>('SELECT id FROM dispatch WHERE notificationId = ?', [
    id,
  ]);
  return ids.encode('dispatch', row?.id ?? 0);
}
