import fc from 'fast-check';
import type { Database } from '../../../src/database/openDatabase';
import { buildFanfareSchema } from '../../../src/graphql/schema';
import { type AccessWorld, rootAccess } from '../../support/api/accessMatrix';
import { createAccessWorld, sendTo, subscribeOne } from '../../support/api/accessWorld';
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { wholeSelection } from '../../support/api/wholeSelection';
import { describeEachDatabase } from '../../support/engines/engines';

const schema = buildFanfareSchema();
const tenantCount = 3;
const queries = Object.entries(rootAccess).filter(([root]) => root.startsWith('Query.'));
const publicId = /"((?:app|key|sub|ntf|dlv)_[A-Za-z0-9]+)"/g;

/** All applications have the same users and tags, so that only the application keeps them apart. */
const users = ['ann', 'bob'];
const tags = ['news', 'sports'];

interface Tenant {
  readonly application: SeededApplication;
  readonly world: AccessWorld;
}

const step = fc.record({
  act: fc.constantFrom('subscribe', 'send', 'ask', 'ask', 'ask', 'ask'),
  actor: fc.nat(tenantCount - 1),
  // whose rows the arguments name
  named: fc.nat(tenantCount - 1),
  query: fc.constantFrom(...queries),
  user: fc.constantFrom(...users),
  tag: fc.constantFrom(...tags),
});

describeEachDatabase('tenants', (database) => {
  let api: ApiServer;
  const tenants: Tenant[] = [];

  beforeAll(async () => {
    api = await startApiServer(database());
    for (let i = 0; i < tenantCount; i += 1) {
      const application = await seedApplication(database());
      const world = await createAccessWorld(api, application, { userId: 'ann', tag: 'news' });
      tenants.push({ application, world });
    }
  });

  afterAll(() => api.stop());

  test('no query of one application ever returns a row of another', async () => {
    let seen = 0;
    const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
      for (const { act, actor, named, query, user, tag } of steps) {
        const own = tenants[actor];
        const other = tenants[named];
        if (!own || !other) throw new Error('There are fewer tenants than that.');
        if (act === 'subscribe') await subscribeOne(api, own.application, { userId: user, tags: [tag] });
        else if (act === 'send') await sendTo(api, own.application, user);
        else seen += await expectOwnRows(own, other, query, { userId: user, tag });
      }
    });
    await fc.assert(property, { numRuns: 25 });
    expect(seen).toBeGreaterThan(100);
  });

  async function expectOwnRows(
    { application }: Tenant,
    { world }: Tenant,
    [root, row]: (typeof queries)[number],
    words: { userId: string; tag: string },
  ): Promise<number> {
    const field = root.split('.')[1];
    const args = await row.args({ ...world, ...words });
    const answer = await api.call(
      application.admin,
      `{ ${field}${args}${wholeSelection(schema, root, new Set())} }`,
    );
    const ids = [...JSON.stringify(answer.data).matchAll(publicId)].map(([, id = '']) => id);
    for (const id of ids) expect([id, await ownerOf(database(), api, id)]).toEqual([id, application.id]);
    return ids.length;
  }
});

/** The application that a row belongs to, whatever its kind. */
async function ownerOf(database: Database, { ids }: ApiServer, id: string): Promise<number | undefined> {
  const kinds = {
    app: ['application', 'SELECT id AS owner FROM application WHERE id = ?'],
    key: ['apiKey', 'SELECT applicationId AS owner FROM api_key WHERE id = ?'],
    sub: ['subscription', 'SELECT applicationId AS owner FROM push_subscription WHERE id = ?'],
    ntf: ['notification', 'SELECT applicationId AS owner FROM notification WHERE id = ?'],
    dlv: ['delivery', 'SELECT applicationId AS owner FROM notification WHERE id = ?'],
  } as const;
  const kind = kinds[id.slice(0, 3) as keyof typeof kinds];
  const [row] = await database.sql.rows<{ owner: number }>(kind[1], [ids.decode(kind[0], id)?.[0] ?? 0]);
  return row && Number(row.owner);
}
