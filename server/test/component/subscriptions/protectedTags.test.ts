/** Protected tags: pages can neither take nor keep what only a back end or a user's token may give. */
import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { must } from '../../support/api/accessWorld';
import { type ApiServer, browserSubscription, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const subscribe = 'mutation ($input: SubscribeInput!) { subscribe(input: $input) { subscription { tags } } }';
const settings = `mutation ($id: ID!, $protectedTags: [String!]) {
  updateApplication(id: $id, settings: { protectedTags: $protectedTags }) { protectedTags }
}`;
const forget = 'mutation ($input: UnsubscribeInput!) { unsubscribe(input: $input) { unsubscribed } }';
const proofSecret = Buffer.from('a secret of thirty-two characters');

describeEachDatabase('protected tags', (database) => {
  let api: ApiServer;
  let application: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
  });

  afterAll(() => api.stop());

  beforeEach(async () => {
    application = await seedApplication(database(), {
      requireUserProof: true,
      userProofSecret: api.userProofBox.seal(proofSecret),
    });
    const id = api.ids.encode('application', application.id);
    const protectedTags = ['staff:*', 'board'];
    expect(await must(api, application, settings, { id, protectedTags })).toEqual({
      updateApplication: { protectedTags },
    });
  });

  const tokenFor = (sub: string, tags?: string[]) =>
    new SignJWT({ sub, tags }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('5m').sign(proofSecret);
  /** Tags afterwards, or what is refused. */
  const tagsOf = async (input: object, by: { token?: string; key?: string } = {}) => {
    const headers = by.token === undefined ? undefined : { 'x-fanfare-user': by.token };
    const { data, errors } = await api.call<{ subscribe: { subscription: { tags: string[] } } }>(
      by.key ?? application.publishable,
      subscribe,
      { input },
      headers,
    );
    return data?.subscribe?.subscription.tags ?? errors?.map(({ extensions }) => extensions);
  };

  test('are given by a back end or a token, kept over visits, and dropped with the user', async () => {
    const subscription = browserSubscription();
    const refused = [{ code: 'FORBIDDEN', path: ['input', 'tags'] }];
    const token = await tokenFor('ada');
    expect(await tagsOf({ subscription, tags: ['news', 'board'] })).toMatchObject(refused);
    expect(await tagsOf({ subscription, tags: ['staff:it'] }, { token })).toMatchObject(refused);
    expect(await tagsOf({ subscription, tags: ['news'] }, { token })).toEqual(['news']);
    const key = application.admin;
    expect(await tagsOf({ subscription, tags: ['news', 'board'] }, { key })).toEqual(['board', 'news']);
    expect(await tagsOf({ subscription, tags: ['sport'] }, { token })).toEqual(['board', 'sport']);
    expect(await tagsOf({ subscription })).toEqual(['board', 'sport']);
    const granting = await tokenFor('ada', ['staff:it']);
    expect(await tagsOf({ subscription, tags: ['staff:it'] }, { token: granting })).toEqual(['staff:it']);
    expect(await tagsOf({ subscription, tags: ['a', 'staff:it'] })).toEqual(['a', 'staff:it']);
    expect(await tagsOf({ subscription, detachUser: true })).toEqual(['a']);
    expect(
      await tagsOf({ subscription, tags: ['staff:it'] }, { token: await tokenFor('bob') }),
    ).toMatchObject(refused);
  });

  test('move to the browser that proves to replace another, and to no other', async () => {
    const old = browserSubscription();
    await tagsOf({ subscription: old, userId: 'ada', tags: ['board', 'news'] }, { key: application.admin });
    const replaces = old.endpoint;
    const heir = (replacesAuth: string) =>
      tagsOf({ subscription: browserSubscription(), replaces, replacesAuth });
    expect(await heir(randomBytes(16).toString('base64url'))).toEqual([]);
    expect(await heir(old.keys.auth)).toEqual(['board', 'news']);
    // whoever comes back with the replaced one, or replaces it once more, is given none
    expect(await heir(old.keys.auth)).toEqual(['news']);
    expect(await tagsOf({ subscription: old })).toEqual(['news']);
    expect(await heir(old.keys.auth)).toEqual(['news']);
  });

  test('move neither to another user, nor from a browser that has ended', async () => {
    const key = application.admin;
    const heirOf = async ({ endpoint, keys }: ReturnType<typeof browserSubscription>, token?: string) =>
      tagsOf(
        { subscription: browserSubscription(), replaces: endpoint, replacesAuth: keys.auth },
        token === undefined ? {} : { token },
      );
    const adas = async () => {
      const subscription = browserSubscription();
      await tagsOf({ subscription, userId: 'ada', tags: ['board', 'news'] }, { key });
      return subscription;
    };
    expect(await heirOf(await adas(), await tokenFor('bob'))).toEqual(['news']);
    const ended = await adas();
    await must(api, application, forget, { input: { endpoint: ended.endpoint } });
    expect(await heirOf(ended, await tokenFor('ada'))).toEqual(['news']);
  });

  test('of a browser without a user do not move to one that knows no more than its endpoint', async () => {
    const old = browserSubscription();
    await tagsOf({ subscription: old, tags: ['board', 'news'] }, { key: application.admin });
    const heir = { subscription: browserSubscription(), replaces: old.endpoint };
    expect(await tagsOf(heir)).toEqual(['news']);
  });

  test('of a retired browser are not for the user who wakes it', async () => {
    const subscription = browserSubscription();
    const key = application.admin;
    await tagsOf({ subscription, userId: 'ada', tags: ['board'] }, { key });
    await must(api, application, forget, { input: { endpoint: subscription.endpoint } });
    expect(await tagsOf({ subscription }, { token: await tokenFor('bob') })).toEqual([]);
  });

  test('a token whose tags are no list of strings proves nothing', async () => {
    const token = await new SignJWT({ sub: 'ada', tags: 'board' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('5m')
      .sign(proofSecret);
    expect(await tagsOf({ subscription: browserSubscription() }, { token })).toMatchObject([
      { code: 'UNAUTHENTICATED' },
    ]);
  });
});
