/** Row numbers count the rows of all applications: nothing that one application is answered shows what others do. */
import { type GraphQLField, getNamedType, isObjectType } from 'graphql';
import { buildFanfareSchema } from '../../../src/graphql/schema';
import { type AccessWorld, rootAccess } from '../../support/api/accessMatrix';
import { createAccessWorld, makeKey, must, sendTo, subscribeOne } from '../../support/api/accessWorld';
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { fieldsOf, wholeSelection } from '../../support/api/wholeSelection';
import { describeEachDatabase } from '../../support/engines/engines';

const schema = buildFanfareSchema();

/** Every field that gives cursors, and a document that asks for its first two; a field without a row fails. */
const lists: Readonly<Record<string, (world: AccessWorld, after: string) => string>> = {
  'Query.notifications': (_, after) => `{ notifications(first: 2, ${after}) { edges { cursor } } }`,
  'Query.pushSubscriptions': (_, after) => `{ pushSubscriptions(first: 2, ${after}) { edges { cursor } } }`,
  'Query.deadDispatches': (_, after) => `{ deadDispatches(first: 2, ${after}) { edges { cursor } } }`,
  'Query.auditLog': (_, after) => `{ auditLog(first: 2, ${after}) { edges { cursor } } }`,
  'Query.personDeliveries': ({ userId }, after) =>
    `{ personDeliveries(userId: "${userId}", first: 2, ${after}) { edges { cursor } } }`,
  'Query.deliveryHistory': ({ userId }, after) =>
    `{ deliveryHistory(userId: "${userId}", first: 2, ${after}) { cursor } }`,
  'Notification.deliveries': ({ notificationId }, after) =>
    `{ notification(id: "${notificationId}") { deliveries(first: 2, ${after}) { edges { cursor } } } }`,
};

/** What differs from one moment to the next without anybody's doing. */
const momentary = new Set(['countedAt', 'playgroundPath', 'lastUsedAt']);

describeEachDatabase('what an application sees while others work', (database) => {
  let api: ApiServer;
  let observer: SeededApplication;
  let busy: SeededApplication;
  let world: AccessWorld;
  let busyWorld: AccessWorld;
  const observed = { userId: 'olga', tag: 'observed' };

  beforeAll(async () => {
    api = await startApiServer(database());
    observer = await seedApplication(database());
    busy = await seedApplication(database());
    world = await populate(observer);
    busyWorld = await populate(busy);
  });

  const populate = async (application: SeededApplication): Promise<AccessWorld> => {
    const made = await createAccessWorld(api, application, observed);
    await subscribeOne(api, application, { userId: observed.userId, tags: [observed.tag] });
    await made.deadDispatch();
    await made.deadDispatch();
    return { ...made, notificationId: await sendTo(api, application, observed.userId) };
  };

  afterAll(() => api.stop());

  const work = async () => {
    for (const userId of ['ann', observed.userId]) {
      await subscribeOne(api, busy, { userId, tags: [observed.tag] });
      await sendTo(api, busy, userId);
    }
    await busyWorld.deadDispatch();
    await makeKey(api, busy);
    await must(api, busy, 'mutation { rotateVapidKey { publicKey } }');
    await reportGate(database());
  };

  const answers = async () => {
    const queries = Object.entries(rootAccess).filter(
      // an export is an entry of the observer's own in its audit log
      ([root]) => root.startsWith('Query.') && root !== 'Query.exportPerson',
    );
    const seen: Record<string, unknown> = {};
    for (const [root, { args }] of queries) {
      const selection = wholeSelection(schema, root, new Set());
      const query = `{ ${root.split('.')[1]}${await args(world)}${selection} }`;
      seen[root] = withoutMoments((await api.call(observer.admin, query)).data);
    }
    return seen;
  };

  test('every answer stays what it was', async () => {
    const before = await answers();
    await work();
    expect(await answers()).toEqual(before);
  });

  test('every field that gives cursors is in the table of lists', () => {
    expect(fieldsWithCursors().sort()).toEqual(Object.keys(lists).sort());
  });

  test('cursors are encrypted, and each is refused by every other list and application', async () => {
    const cursors = new Map<string, string[]>();
    for (const [list, ask] of Object.entries(lists)) {
      cursors.set(list, await cursorsOf(observer.admin, ask(world, 'after: null')));
    }
    for (const [list, [first = '', second = '']] of cursors) {
      expect([list, bytesInCommon(first, second)]).toEqual([list, expect.any(Number)]);
      expect(bytesInCommon(first, second)).toBeLessThan(8);
      for (const [other, ask] of Object.entries(lists)) {
        const own = other === list;
        expect([list, other, await fault(observer.admin, ask(world, `after: "${first}"`))]).toEqual([
          list,
          other,
          own ? undefined : refused,
        ]);
        expect([list, other, await fault(busy.admin, ask(busyWorld, `after: "${first}"`))]).toEqual([
          list,
          other,
          refused,
        ]);
      }
    }
  });

  test('receipt tokens and ids hold no row number', () => {
    const { ids, receiptTokens } = api;
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(4711n);
    expect(Buffer.from(receiptTokens.issue(4711, 4711), 'base64url').includes(number)).toBe(false);
    expect(bytesInCommon(receiptTokens.issue(4711, 4711), receiptTokens.issue(4711, 4712))).toBeLessThan(8);
    expect(ids.decodeOne('notification', world.notificationId)).toBeGreaterThan(0);
  });

  const refused = { code: 'BAD_USER_INPUT', path: ['after'] };
  const fault = async (key: string, query: string) => (await api.call(key, query)).errors?.[0]?.extensions;
  const cursorsOf = async (key: string, query: string): Promise<string[]> => {
    const { data, errors } = await api.call(key, query);
    const found = [...JSON.stringify(data).matchAll(/"cursor":"([^"]*)"/g)].map(([, cursor = '']) => cursor);
    expect([query, errors, found.length]).toEqual([query, undefined, 2]);
    return found;
  };
});

/** As if a worker had sent much to the push service that all browsers of these tests use. */
async function reportGate(database: Parameters<typeof startApiServer>[0]): Promise<void> {
  await database.write((sql) =>
    sql.run(
      `INSERT INTO push_service_state (worker, pushService, state, concurrencyLimit, underWay, waiting, reopensAt,
       attemptsPerMinute, updatedAt) VALUES ('w', 'push.example.org', 'closed', 64, 9, 8, NULL, 7000, ?)`,
      [Date.now()],
    ),
  );
}

function fieldsWithCursors(): string[] {
  const { roots, others } = fieldsOf(schema);
  return [...roots, ...others].filter((name) => {
    const [typeName = '', fieldName = ''] = name.split('.');
    const type = schema.getType(typeName);
    const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
    return field !== undefined && fieldName !== 'edges' && givesCursors(field);
  });
}

function givesCursors(field: GraphQLField<unknown, unknown>): boolean {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) return false;
  const { edges, cursor } = type.getFields();
  return edges !== undefined || cursor !== undefined;
}

function bytesInCommon(one: string, other: string): number {
  const [first, second] = [Buffer.from(one, 'base64url'), Buffer.from(other, 'base64url')];
  expect(first.length).toBeGreaterThanOrEqual(24);
  return first.filter((byte, index) => byte === second[index]).length;
}

function withoutMoments(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data), (name, value: unknown) =>
    momentary.has(name) ? undefined : value,
  );
}
