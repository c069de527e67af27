import { buildFanfareSchema } from '../../src/graphql/schema';
import {
  type AccessWorld,
  type CallerKind,
  callerKinds,
  type RootRow,
  rootAccess,
  seenWithParent,
} from '../support/accessMatrix';
import { createAccessWorld, makeKey, must } from '../support/accessWorld';
import { type Answer, type ApiServer, codeOf, startApiServer } from '../support/apiServer';
import { describeEachDatabase } from '../support/engines';
import { watchOnce } from '../support/graphqlSockets';
import { type SeededApplication, seedApplication } from '../support/seedApplication';
import { fieldsOf, wholeSelection } from '../support/wholeSelection';

const schema = buildFanfareSchema();
const fields = fieldsOf(schema);
const userId = 'user-of-the-first-application';
const tag = 'tag-of-the-first-application';

type Answered = Pick<Answer, 'data' | 'errors'>;

test('every field of the schema has a row, and every row a field', () => {
  expect(Object.keys(rootAccess).sort()).toEqual(fields.roots.sort());
  expect([...seenWithParent].sort()).toEqual(fields.others.sort());
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

  async function ask(root: string, row: RootRow, key: string | undefined): Promise<Answered> {
    const [type = '', field] = root.split('.');
    const whole = wholeSelection(schema, root, new Set());
    // callers without a secret key are refused long documents before they are asked who they are
    const selection = isPublic(key) && whole.length > 500 ? '{ __typename }' : whole;
    const document = `${type.toLowerCase()} { ${field}${await row.args(world)}${selection} }`;
    return type === 'Subscription' ? watchOnce(api.http.url, key, document) : api.call(key, document);
  }

  function isPublic(key: string | undefined): boolean {
    return (['none', 'unknown', 'revoked', 'publishable'] as const).some((kind) => keys.get(kind) === key);
  }

  function expected(row: RootRow, kind: CallerKind): string | undefined {
    if (row.allowed.includes(kind)) return kind === 'admin' ? undefined : row.withoutAdmin;
    return ['none', 'unknown', 'revoked'].includes(kind) ? 'UNAUTHENTICATED' : 'FORBIDDEN';
  }

  describe.each(Object.entries(rootAccess))('%s', (root, row) => {
    const field = root.split('.')[1] ?? '';

    test.each(callerKinds)('asked with the key "%s"', async (kind) => {
      const answer = await ask(root, row, keys.get(kind));
      expect(codeOf(answer)).toBe(expected(row, kind));
      if (expected(row, kind) === undefined) expect(answer.data).toHaveProperty(field);
      else expect(answer.data?.[field] ?? null).toBeNull();
    });

    test("another application's admin sees nothing of it", async () => {
      const answer = await ask(root, row, other.admin);
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
