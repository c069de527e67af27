import { isInterfaceType } from 'graphql';
import { buildFanfareSchema } from '../../../src/graphql/schema';
import type { ApiKeyScope } from '../../../src/model/apiKey';
import {
  type AccessWorld,
  type CallerKind,
  callerKinds,
  nodeAccess,
  type RootRow,
  rootAccess,
} from '../../support/api/accessMatrix';
import { createAccessWorld, makeKey, must } from '../../support/api/accessWorld';
import { type Answer, type ApiServer, codeOf, startApiServer } from '../../support/api/apiServer';
import { fieldScopes, seenWithParent, waysToSubscriptions } from '../../support/api/fieldAccess';
import { watchOnce } from '../../support/api/graphqlSockets';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { fieldsOf, wholeSelection, wholeSelectionOf } from '../../support/api/wholeSelection';
import { describeEachDatabase } from '../../support/engines/engines';

const schema = buildFanfareSchema();
const fields = fieldsOf(schema);
const userId = 'user-of-the-first-application';
const tag = 'tag-of-the-first-application';

type Answered = Pick<Answer, 'data' | 'errors'>;

test('every field of the schema has a row, and every row a field', () => {
  expect(Object.keys(rootAccess).sort()).toEqual(fields.roots.sort());
  expect([...seenWithParent].sort()).toEqual(fields.others.sort());
});

test('every type that implements Node has a row', () => {
  const node = schema.getType('Node');
  const types = isInterfaceType(node) ? schema.getPossibleTypes(node) : [];
  expect(Object.keys(nodeAccess).sort()).toEqual(types.map(({ name }) => name).sort());
});

test('the documents below reach every field', () => {
  const visited = new Set<string>();
  for (const root of fields.roots) wholeSelection(schema, root, visited);
  expect([...visited].sort()).toEqual(fields.others.sort());
});

describeEachDatabase('who is answered what', (database) => {
  let api: ApiServer;
  let application: SeededApplication;
  let other: SeededApplication;
  let world: AccessWorld;
  const keys = new Map<CallerKind, string | undefined>();

  beforeAll(async () => {
    api = await startApiServer(database());
    application = await seedApplication(database());
    other = await seedApplication(database());
    world = await createAccessWorld(api, application, { userId, tag });
    for (const kind of callerKinds) keys.set(kind, await keyOf(kind));
  });

  afterAll(() => api.stop());

  async function keyOf(kind: CallerKind): Promise<string | undefined> {
    if (kind === 'none') return undefined;
    if (kind === 'unknown') return `fs_${'unknown'.repeat(6)}`;
    if (kind === 'publishable') return application.publishable;
    if (kind !== 'revoked') return application.secretKey(kind);
    const { secret, apiKey } = await makeKey(api, application);
    await must(api, application, `mutation { revokeApiKey(id: "${apiKey.id}") }`);
    return secret;
  }

  async function ask(root: string, row: RootRow, kind: CallerKind, key = keys.get(kind)): Promise<Answered> {
    const [type = '', field] = root.split('.');
    const whole = wholeSelection(schema, root, new Set(), withheldFrom(kind));
    // callers without a secret key are refused long documents before they are asked who they are
    const selection = isPublic(key) && whole.length > 500 ? '{ __typename }' : whole;
    const document = `${type.toLowerCase()} { ${field}${await row.args(world)}${selection} }`;
    return type === 'Subscription' ? watchOnce(api.http.url, key, document) : api.call(key, document);
  }

  function isPublic(key: string | undefined): boolean {
    return (['none', 'unknown', 'revoked', 'publishable'] as const).some((kind) => keys.get(kind) === key);
  }

  /** The fields that a key with one scope is refused inside what it may otherwise read. */
  function withheldFrom(kind: CallerKind): ReadonlySet<string> {
    const isSender = kind === 'notifications:send' || kind === 'notifications:read';
    return new Set(isSender ? Object.keys(fieldScopes) : []);
  }

  function expected(row: Pick<RootRow, 'allowed' | 'withoutAdmin'>, kind: CallerKind): string | undefined {
    if (row.allowed.includes(kind)) return kind === 'admin' ? undefined : row.withoutAdmin;
    return ['none', 'unknown', 'revoked'].includes(kind) ? 'UNAUTHENTICATED' : 'FORBIDDEN';
  }

  const deliveryOf = async (key: string, id: string | undefined) => {
    const ask =
      'query ($id: ID!) { notification(id: $id) { deliveries(first: 1) { edges { node { id } } } } }';
    const { data } = await api.call<{
      notification: { deliveries: { edges: { node: { id: string } }[] } };
    }>(key, ask, { id });
    return data?.notification.deliveries.edges[0]?.node.id;
  };

  describe.each(Object.entries(waysToSubscriptions))('over %s', (_way, documentOf) => {
    const asWith = async (field: string, ...more: ApiKeyScope[]): Promise<Answered> => {
      const key = await application.secretKey('notifications:send', 'notifications:read', ...more);
      const send =
        'mutation ($user: ID!) { sendNotification(input: { audience: { userIds: [$user] }, content: { title: "x" } }) { notification { id } } }';
      const sent = await api.call<{ sendNotification: { notification: { id: string } } }>(key, send, {
        user: userId,
      });
      const document = documentOf(field);
      const id = sent.data?.sendNotification.notification.id;
      const variables = { id, user: userId, delivery: await deliveryOf(key, id) };
      return document.startsWith('subscription')
        ? watchOnce(api.http.url, key, document, variables)
        : api.call(key, document, variables);
    };

    test.each(Object.entries(fieldScopes))('%s needs %s', async (name, scope) => {
      const [type = '', field = ''] = name.split('.');
      expect(schema.getType(type)?.toString()).toBe(type);
      const refused = await asWith(`id pushService createdAt ${field}`);
      expect(refused.errors?.[0]).toMatchObject({
        message: expect.stringContaining(scope),
        extensions: { code: 'FORBIDDEN' },
      });
      expect(JSON.stringify(refused)).not.toMatch(userId);
      const answered = await asWith(`id ${field}`, scope);
      expect(codeOf(answered)).toBeUndefined();
      expect(JSON.stringify(answered)).toContain(`"${field}":`);
    });

    test('the others do not', async () => {
      const answer = await asWith('id pushService createdAt retiredAt retiredReason');
      expect(codeOf(answer)).toBeUndefined();
      expect(JSON.stringify(answer)).toContain('"pushService":');
    });
  });

  test('whoever registers a browser is told what it registered', async () => {
    const document = `mutation { subscribe(input: { subscription: ${world.subscriptionText()}, tags: ["a"] }) { subscription { ${Object.keys(
      fieldScopes,
    )
      .map((name) => name.split('.')[1])
      .join(' ')} } } }`;
    for (const key of [application.publishable, await application.secretKey('subscriptions:write')]) {
      expect(codeOf(await api.call(key, document))).toBeUndefined();
    }
  });

  test.each(['userIds', 'subscriptionIds'])(
    'which of the %s have a tag needs subscriptions:read',
    async (by) => {
      const id = by === 'userIds' ? userId : world.subscriptionId;
      const ask = `{ audienceSize(audience: { ${by}: ["${id}"], tags: { anyOf: ["${tag}"] } }) }`;
      const sender = await application.secretKey('notifications:send', 'notifications:read');
      expect(codeOf(await api.call(sender, ask))).toBe('FORBIDDEN');
      const reader = await application.secretKey('notifications:send', 'subscriptions:read');
      expect((await api.call(reader, ask)).data).toEqual({ audienceSize: expect.any(Number) });
    },
  );

  const firstId = async (query: string): Promise<string> => {
    const [, id = ''] = /"id":"([^"]+)"/.exec(JSON.stringify(await must(api, application, query))) ?? [];
    return id;
  };

  describe.each(Object.entries(nodeAccess))('node of %s', (type, row) => {
    let id = '';

    beforeAll(async () => {
      id = await row.id(world, firstId);
    });

    const read = (key: string | undefined, kind: CallerKind) => {
      const whole = wholeSelectionOf(schema, type, withheldFrom(kind));
      const selection = isPublic(key) ? '' : `... on ${type}${whole}`;
      return api.call<{ node: unknown }>(
        key,
        `query ($id: ID!) { node(id: $id) { __typename id ${selection} } }`,
        { id },
      );
    };

    test.each(callerKinds)('asked with the key "%s"', async (kind) => {
      const answer = await read(keys.get(kind), kind);
      expect(codeOf(answer)).toBe(expected({ allowed: row.allowed }, kind));
      const isSeen = row.allowed.includes(kind) && (kind === 'admin' || row.withoutAdmin === undefined);
      expect(answer.data?.node ?? null).toEqual(
        isSeen ? expect.objectContaining({ __typename: type, id }) : null,
      );
    });

    test("another application's admin is answered null", async () => {
      expect(await read(other.admin, 'admin')).toMatchObject({ data: { node: null } });
      expect(codeOf(await read(other.admin, 'admin'))).toBeUndefined();
    });
  });

  test.each(['', 'x', 'ntf_', 'usr_nobody', `dlv_${'z'.repeat(22)}`, `vpk_${'a'.repeat(22)}`])(
    'node of %j is null',
    async (id) => {
      const ask = 'query ($id: ID!) { node(id: $id) { id } }';
      expect(await api.call(application.admin, ask, { id })).toMatchObject({ data: { node: null } });
      expect(codeOf(await api.call(application.publishable, ask, { id }))).toBe('FORBIDDEN');
      expect(codeOf(await api.call(undefined, ask, { id }))).toBe('UNAUTHENTICATED');
    },
  );

  describe.each(Object.entries(rootAccess))('%s', (root, row) => {
    const field = root.split('.')[1] ?? '';

    test.each(callerKinds)('asked with the key "%s"', async (kind) => {
      const answer = await ask(root, row, kind);
      expect(codeOf(answer)).toBe(expected(row, kind));
      if (expected(row, kind) === undefined) expect(answer.data).toHaveProperty(field);
      else expect(answer.data?.[field] ?? null).toBeNull();
    });

    test("another application's admin sees nothing of it", async () => {
      const answer = await ask(root, row, 'admin', other.admin);
      const isRefused = row.foreign === 'NOT_FOUND' || row.foreign === 'FORBIDDEN';
      expect(codeOf(answer)).toBe(isRefused ? row.foreign : undefined);
      if (row.foreign === 'nothing') expect(answer.data).toEqual({ [field]: null });
      // an audience repeats the words of whoever sent the notification
      const text = JSON.stringify(answer, (name, value) => (name === 'audience' ? undefined : value));
      for (const secret of [userId, tag, world.notificationId, application.vapidPublicKey]) {
        expect(text).not.toContain(secret);
      }
    });
  });
});
