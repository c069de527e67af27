/** The API as a whole, asked for anything: it answers, and nothing that comes from outside is a fault of its own. */
import fc from 'fast-check';
import { openDatabase } from '../../src/database/openDatabase';
import { buildFanfareSchema } from '../../src/graphql/schema';
import { refusalCodes } from '../../src/model/refusal';
import { type ApiServer, startApiServer } from '../support/apiServer';
import { type FreshDatabase, freshDatabase } from '../support/freshDatabase';
import { fuzzRuns as runs } from '../support/fuzzRuns';
import { hostileText, inputArbitrary } from '../support/graphqlArbitrary';
import { seedApplication } from '../support/seedApplication';

const schema = buildFanfareSchema();
const unlimited = {
  ...{ perKey: 10_000_000, perAddress: 10_000_000, subscribesPerAddress: 10_000_000 },
  perOperation: {},
};

describe('the API as a whole', () => {
  let fresh: FreshDatabase;
  let api: ApiServer;
  let key: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    fresh = await freshDatabase('sqlite');
    const database = await openDatabase(fresh.target);
    await database.migrate();
    close = () => database.close();
    api = await startApiServer(database, { rules: { rateLimits: unlimited } });
    key = (await seedApplication(database)).admin;
  });

  afterAll(async () => {
    await api.stop();
    await close();
    await fresh.drop();
  });

  const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}).map((field) => ({ type: type?.name.toLowerCase() ?? '', field })),
  );

  test('answers any arguments of any field with data or a code of the catalogue, never with a fault of its own', async () => {
    const call = fc.constantFrom(...roots).chain(({ type, field }) => {
      const names = field.args.map((each) => `$${each.name}: ${each.type}`).join(', ');
      const args = field.args.map((each) => `${each.name}: $${each.name}`).join(', ');
      const inner = /!?$/.exec(String(field.type)) && isLeaf(String(field.type)) ? '' : ' { __typename }';
      const query = `${type} ${names && `(${names})`} { ${field.name}${args && `(${args})`}${inner} }`;
      const variables = fc.record(
        Object.fromEntries(field.args.map((each) => [each.name, inputArbitrary(each.type)])),
      );
      return fc.record({ query: fc.constant(query), variables });
    });
    const property = fc.asyncProperty(call, async ({ query, variables }) => {
      const answer = await api.call(key, query, variables as Record<string, unknown>);
      expect(answer.status).toBeLessThan(500);
      for (const error of answer.errors ?? []) {
        const { code } = error.extensions;
        expect([query, code, error.message]).toEqual([query, expect.stringMatching(expected), error.message]);
      }
    });
    await fc.assert(property, { numRuns: runs });
  });

  test('answers any body', async () => {
    const body = fc.oneof(
      fc.json(),
      hostileText,
      fc.json().map((text) => `{"query":${text},"variables":${text}}`),
    );
    const property = fc.asyncProperty(body, async (text) => {
      const response = await fetch(`${api.http.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: text,
      });
      expect(response.status).toBeLessThan(500);
      await response.arrayBuffer();
    });
    await fc.assert(property, { numRuns: runs });
  });
});

/** Everything but UNAVAILABLE, which is what an unforeseen fault becomes. */
const expected = new RegExp(`^(${refusalCodes.filter((code) => code !== 'UNAVAILABLE').join('|')})$`);

function isLeaf(type: string): boolean {
  return /^\[?(Int|Float|String|Boolean|ID|JSONObject|DateTime)!?\]?!?$/.test(type);
}
