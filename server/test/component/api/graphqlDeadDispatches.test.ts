/** What was set aside is seen by the admin of its application, page by page, and redriven once. */
import type { AccessWorld } from '../../support/api/accessMatrix';
import { createAccessWorld, must } from '../../support/api/accessWorld';
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const list = `query ($first: Int, $after: String) { deadDispatches(first: $first, after: $after) {
  edges { node { id notificationId lane pushService deliveries reason deadAt } } pageInfo { hasNextPage endCursor } } }`;
const redrive = 'mutation ($id: ID!) { redriveDispatch(id: $id) }';

interface Page {
  readonly deadDispatches: {
    readonly edges: ReadonlyArray<{ readonly node: Readonly<Record<string, unknown>> }>;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

describeEachDatabase('dead dispatches in the API', (database) => {
  let api: ApiServer;
  let application: SeededApplication;
  let world: AccessWorld;

  beforeAll(async () => {
    application = await seedApplication(database());
    api = await startApiServer(database());
    world = await createAccessWorld(api, application, { userId: 'ada', tag: 'news' });
  });

  afterAll(() => api.stop());

  const page = async (first: number, after?: string | null) =>
    (await must<Page>(api, application, list, { first, after })).deadDispatches;

  test('are listed with what waits in them and why, in pages, and redriven once', async () => {
    const ids = [await world.deadDispatch(), await world.deadDispatch()];
    await database().write((sql) =>
      sql.run("UPDATE dispatch SET deadReason = 'begun 10 times' WHERE deadAt IS NOT NULL"),
    );
    const first = await page(1);
    expect(first.edges.map(({ node }) => node)).toEqual([
      {
        ...{ id: ids[0], lane: 'TRANSACTIONAL', deliveries: 1, reason: 'begun 10 times' },
        notificationId: expect.stringMatching(/^ntf_/),
        pushService: 'push.example.org',
        deadAt: '1970-01-01T00:00:00.001Z',
      },
    ]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = await page(1, first.pageInfo.endCursor);
    expect([second.edges[0]?.node.id, second.pageInfo.hasNextPage]).toEqual([ids[1], false]);

    expect(await must(api, application, redrive, { id: ids[0] })).toEqual({ redriveDispatch: true });
    expect((await page(10)).edges.map(({ node }) => node.id)).toEqual([ids[1]]);
    const again = await api.call(application.admin, redrive, { id: ids[0] });
    expect(again.errors?.[0]?.extensions).toEqual({ code: 'NOT_FOUND', path: ['id'] });
    const [row] = await database().sql.rows<Record<string, number | null>>(
      'SELECT claims, publishedAt, deadReason FROM dispatch WHERE deadAt IS NULL AND dueAt > 1 ORDER BY dueAt DESC LIMIT 1',
    );
    expect(row).toMatchObject({ claims: 0, publishedAt: null, deadReason: null });
  });

  test.each(['dsp_nobody', 'ntf_4711', ''])('redriving %j is refused', async (id) => {
    const answer = await api.call(application.admin, redrive, { id });
    expect(answer.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});
