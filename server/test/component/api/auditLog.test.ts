import { auditedFields } from '../../../src/graphql/admission/audit';
import { buildFanfareSchema } from '../../../src/graphql/schema';
import { must } from '../../support/api/accessWorld';
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { fieldsOf } from '../../support/api/wholeSelection';
import { describeEachDatabase } from '../../support/engines/engines';
import { until } from '../../support/until';

/** What happens thousands of times and is kept as rows of its own. */
const everyday = ['subscribe', 'unsubscribe', 'sendNotification', 'cancelNotification', 'recordReceipt'];

interface Entries {
  readonly auditLog: {
    readonly edges: { readonly cursor: string; readonly node: { action: string; subject: string | null } }[];
    readonly pageInfo: { readonly hasNextPage: boolean };
  };
}

test('every mutation is written down, or is everyday business', () => {
  const mutations = fieldsOf(buildFanfareSchema()).roots.filter((root) => root.startsWith('Mutation.'));
  const accounted = [...auditedFields, ...everyday.map((name) => `Mutation.${name}`)];
  expect(mutations.filter((name) => !accounted.includes(name))).toEqual([]);
});

describeEachDatabase('the audit log', (database) => {
  let api: ApiServer;
  let application: SeededApplication;
  let other: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
    application = await seedApplication(database());
    other = await seedApplication(database());
  });

  afterAll(() => api.stop());

  const read = (of: SeededApplication, args = '') =>
    must<Entries>(
      api,
      of,
      `{ auditLog${args} { edges { cursor node { action subject } } pageInfo { hasNextPage } } }`,
    );

  test('has what admins did, newest first, in pages, and nothing that failed', async () => {
    const { createApiKey } = await must<{ createApiKey: { apiKey: { id: string } } }>(
      api,
      application,
      'mutation { createApiKey(input: { name: "CRM", kind: PUBLISHABLE }) { apiKey { id } } }',
    );
    const { id } = createApiKey.apiKey;
    await must(api, application, `mutation { revokeApiKey(id: "${id}") }`);
    await api.call(application.admin, 'mutation { revokeApiKey(id: "key_nobody") }');
    await api.call(application.publishable, `mutation { revokeApiKey(id: "${id}") }`);
    await must(api, application, 'mutation { deletePerson(userId: "ann") }');
    await must(api, application, '{ exportPerson(userId: "ann") }');
    await must(api, other, 'mutation { rotateVapidKey { publicKey } }');

    const { edges } = (await read(application)).auditLog;
    expect(edges.map(({ node }) => node)).toEqual([
      { action: 'exportPerson', subject: null },
      { action: 'deletePerson', subject: null },
      { action: 'revokeApiKey', subject: id },
      { action: 'createApiKey', subject: 'CRM' },
    ]);
    const first = (await read(application, '(first: 3)')).auditLog;
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = (await read(application, `(first: 3, after: "${first.edges[2]?.cursor}")`)).auditLog;
    expect(second.edges.map(({ node }) => node.action)).toEqual(['createApiKey']);
    expect((await read(other)).auditLog.edges).toHaveLength(1);
  });

  test('nothing is changed that cannot be written down, and a key that ends itself is', async () => {
    const tenant = await seedApplication(database());
    const keys = () => must<{ apiKeys: { id: string }[] }>(api, tenant, '{ apiKeys { id } }');
    const before = await keys();
    await database().write((sql) => sql.run('ALTER TABLE audit_entry RENAME TO audit_entry_away'));
    const refused = await api.call(
      tenant.admin,
      'mutation { createApiKey(input: { name: "CRM", kind: PUBLISHABLE }) { secret } }',
    );
    await database().write((sql) => sql.run('ALTER TABLE audit_entry_away RENAME TO audit_entry'));
    expect(refused.errors).toHaveLength(1);
    expect(await keys()).toEqual(before);

    const own = await must<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
      api,
      tenant,
      'mutation { createApiKey(input: { name: "own", kind: SECRET, scopes: ["admin"] }) { secret apiKey { id } } }',
    );
    const { id } = own.createApiKey.apiKey;
    const ended = await api.call(own.createApiKey.secret, `mutation { revokeApiKey(id: "${id}") }`);
    expect(ended.data).toEqual({ revokeApiKey: true });
    const [latest] = (await read(tenant)).auditLog.edges;
    expect(latest?.node).toEqual({ action: 'revokeApiKey', subject: id });
  });

  test('has no entry for what changed nothing, and keeps one for what failed half-way', async () => {
    const tenant = await seedApplication(database());
    const { createApiKey } = await must<{ createApiKey: { apiKey: { id: string } } }>(
      api,
      tenant,
      'mutation { createApiKey(input: { name: "CRM", kind: PUBLISHABLE }) { apiKey { id } } }',
    );
    const revoke = `mutation { revokeApiKey(id: "${createApiKey.apiKey.id}") }`;
    const id = api.ids.encode('application', tenant.id);
    await must(api, tenant, revoke);
    await must(api, tenant, revoke);
    await must(api, tenant, 'mutation { retirePushSubscription(id: "sub_nobody") }');
    await must(api, tenant, `mutation { updateApplication(id: "${id}", settings: {}) { id } }`);
    await must(api, tenant, 'mutation { configureUserProof(input: {}) { required } }');
    await database().write((sql) => sql.run('ALTER TABLE subscription_tag RENAME TO subscription_tag_away'));
    await database().write((sql) =>
      sql.run('ALTER TABLE push_subscription RENAME TO push_subscription_away'),
    );
    const failed = await api.call(tenant.admin, 'mutation { deletePerson(userId: "ann") }');
    await database().write((sql) =>
      sql.run('ALTER TABLE push_subscription_away RENAME TO push_subscription'),
    );
    await database().write((sql) => sql.run('ALTER TABLE subscription_tag_away RENAME TO subscription_tag'));
    expect(failed.errors).toHaveLength(1);

    const { auditLog } = await must<{ auditLog: { edges: { node: unknown }[] } }>(
      api,
      tenant,
      '{ auditLog { edges { node { action failed } } } }',
    );
    expect(auditLog.edges.map(({ node }) => node)).toEqual([
      { action: 'deletePerson', failed: true },
      { action: 'revokeApiKey', failed: false },
      { action: 'createApiKey', failed: false },
    ]);
  });

  describe('what is done a second time', () => {
    const welcome = '{ title: "Hi", data: { b: 1, a: [2] }, actions: [{ action: "x", title: "y" }] }';
    const secret = 'a shared secret of this test, long enough';
    const update = (settings: string) => (id: string) =>
      `mutation { updateApplication(id: "${id}", settings: ${settings}) { id } }`;
    const configure = (input: string) => () =>
      `mutation { configureUserProof(input: ${input}) { required } }`;
    const acts: readonly (readonly [action: string, document: (id: string) => string])[] = [
      ['updateApplication', update('{ requestsPerMinute: 7, redactContent: true }')],
      ['updateApplication', update('{ allowedOrigins: ["https://a.example"], protectedTags: ["staff:*"] }')],
      ['updateApplication', update(`{ welcome: ${welcome}, verifySubscriptions: true }`)],
      ['updateApplication', update('{ requestsPerMinute: null, protectedTags: null }')],
      ['configureUserProof', configure('{ required: false }')],
      ['configureUserProof', configure(`{ sharedSecret: "${secret}" }`)],
      ['configureUserProof', configure('{ sharedSecret: null }')],
      ['stopApplication', (id) => `mutation { stopApplication(id: "${id}") { id } }`],
      ['resumeApplication', (id) => `mutation { resumeApplication(id: "${id}") { id } }`],
    ];

    test('has one entry, as long as nothing else was done in between', async () => {
      const tenant = await seedApplication(database(), { requireUserProof: true });
      const id = api.ids.encode('application', tenant.id);
      for (const [, document] of acts) {
        await must(api, tenant, document(id));
        await must(api, tenant, document(id));
      }
      const { edges } = (await read(tenant)).auditLog;
      expect(edges.map(({ node }) => node.action).reverse()).toEqual(acts.map(([action]) => action));
    });

    test('has one entry where it was a key that ended, or work that was tried again', async () => {
      const tenant = await seedApplication(database());
      const { vapidPublicKey } = await must<{ vapidPublicKey: string }>(api, tenant, '{ vapidPublicKey }');
      await must(api, tenant, 'mutation { rotateVapidKey { publicKey } }');
      await must(api, tenant, 'mutation { redriveDispatches }');
      const retire = `mutation { retireVapidKey(publicKey: "${vapidPublicKey}", force: true) { publicKey } }`;
      for (let time = 0; time < 2; time += 1) await must(api, tenant, retire);
      const { edges } = (await read(tenant)).auditLog;
      expect(edges.map(({ node }) => node.action)).toEqual(['retireVapidKey', 'rotateVapidKey']);
    });
  });

  test('a key tells when it was last used', async () => {
    const name = 'used';
    const made = await must<{ createApiKey: { secret: string } }>(
      api,
      application,
      `mutation { createApiKey(input: { name: "${name}", kind: PUBLISHABLE }) { secret } }`,
    );
    const lastUse = async () => {
      const { apiKeys } = await must<{ apiKeys: { name: string; lastUsedAt: string | null }[] }>(
        api,
        application,
        '{ apiKeys { name lastUsedAt } }',
      );
      return apiKeys.find((key) => key.name === name)?.lastUsedAt;
    };
    expect(await lastUse()).toBeNull();
    await api.call(made.createApiKey.secret, '{ vapidPublicKey }');
    expect(Date.now() - Date.parse(String(await until(lastUse, 'the use is noted')))).toBeLessThan(60_000);
  });
});
