import { type ApiKeyRequest, createApiKey } from '../../../src/actions/apiKey/createApiKey';
import { revokeApiKey } from '../../../src/actions/apiKey/revokeApiKey';
import { seed } from '../../../src/commands/seed';
import { ConfigError } from '../../../src/config';
import { ApiKey } from '../../../src/database/entities/apiKey';
import { Application } from '../../../src/database/entities/application';
import { Setting } from '../../../src/database/entities/setting';
import { type Database, openDatabase } from '../../../src/database/openDatabase';
import { Callers } from '../../../src/graphql/admission/caller';
import { bootstrap } from '../../../src/processes/bootstrap';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { SealedBox } from '../../../src/secrets/sealedBox';
import { describeEachDatabase, describeEachKind } from '../../support/engines/engines';
import { type FreshDatabase, freshDatabase } from '../../support/engines/freshDatabase';

const first = 'the secret at the first start, long enough';
const other = 'another secret altogether, also long enough';

describeEachDatabase('bootstrap', (database) => {
  const start = (
    secret: MasterSecret,
    settings: { production?: boolean; demo?: boolean; adminKey?: string } = {},
  ) =>
    bootstrap({
      ...{ database: database(), secret, vapidBox: new SealedBox(secret, 'vapid') },
      ...{ production: false, demo: !settings.production, keepsKeys: true, adminKey: undefined, ...settings },
    });
  const works = async (key = '') =>
    (await new Callers(database(), 1).identify(`Bearer ${key}`)) !== undefined;
  const makeKey = async (applicationId: number, name: string) => {
    const wanted: ApiKeyRequest = { applicationId, name, kind: 'SECRET', scopes: ['notifications:send'] };
    return (await createApiKey({ database: database() }, wanted)).secret;
  };
  const keys = () => database().entities.count(ApiKey);

  beforeEach(async () => {
    for (const table of ['application', 'api_key', 'vapid_key', 'setting']) {
      await database().write((sql) => sql.run(`DELETE FROM ${table}`));
    }
  });

  test('starts again with the secret that the database was sealed with, and with no other', async () => {
    const made = await start(new MasterSecret(first));
    expect(made.newAdminKey).toMatch(/^fs_/);
    expect(await start(new MasterSecret(first))).toMatchObject({ newAdminKey: undefined });
    const before = await keys();

    await expect(start(new MasterSecret(other))).rejects.toThrow(ConfigError);
    expect(await keys()).toBe(before);
    expect(await start(new MasterSecret(other, first))).toMatchObject({ newAdminKey: undefined });
  });

  test('a new installation encrypts its ids, and one with a salt of earlier versions keeps the ids it has', async () => {
    const nameOfFirst = async () =>
      (await start(new MasterSecret(other, first))).ids.encode('notification', 1);
    const encrypted = await nameOfFirst();
    expect(encrypted).toMatch(/^ntf_[0-9A-Za-z]{22}$/);
    expect(await nameOfFirst()).toBe(encrypted);
    const idSalt = await database().entities.findOneByOrFail(Setting, { name: 'idSalt' });
    const keep = (value: string) =>
      database().transaction(({ entities }) => entities.update(Setting, { name: 'idSalt' }, { value }));
    await keep('salt');
    expect(await nameOfFirst()).toBe('ntf_DtMiFVjPYlNz');
    await keep(idSalt.value);
  });

  test('a configured admin key that is changed or taken away stops working', async () => {
    const secret = new MasterSecret(first);
    const [adminKey, next] = ['fs_a_key_of_the_environment', 'fs_the_next_of_the_environment'];
    await start(secret, { adminKey });
    expect(await works(adminKey)).toBe(true);
    await start(secret, { adminKey: next });
    expect([await works(adminKey), await works(next)]).toEqual([false, true]);
    await start(secret);
    expect([await works(adminKey), await works(next)]).toEqual([false, false]);
    const again = await start(secret, { adminKey }).catch((error: unknown) => error);
    expect(again).toMatchObject({ faults: ['FANFARE_ADMIN_KEY was revoked; give another.'] });
    expect([await works(adminKey), await works(next)]).toEqual([false, false]);
  });

  test('a key that was revoked stays revoked', async () => {
    const secret = new MasterSecret(first);
    const adminKey = 'fs_a_key_that_was_stolen_and_revoked';
    const { applicationId, demoKeys } = await start(secret, { adminKey });
    const revoked = [adminKey, demoKeys?.publishableKey, demoKeys?.sendKey];
    expect(await Promise.all(revoked.map(works))).toEqual([true, true, true]);
    for (const { id } of await database().entities.findBy(ApiKey, { applicationId })) {
      await revokeApiKey({ database: database() }, applicationId, id);
    }
    await expect(start(secret, { adminKey })).rejects.toThrow('FANFARE_ADMIN_KEY was revoked; give another.');
    expect(await start(secret)).toMatchObject({ demoKeys: undefined });
    await start(secret, { production: true });
    expect(await Promise.all(revoked.map(works))).toEqual([false, false, false]);
  });

  test('an admin key that somebody made is enough, and no secret of another key becomes one', async () => {
    const secret = new MasterSecret(first);
    const { applicationId, newAdminKey } = await start(secret);
    const wanted: ApiKeyRequest = { applicationId, name: 'ours', kind: 'SECRET', scopes: ['admin'] };
    await createApiKey({ database: database() }, wanted);
    for (const { id } of await database().entities.findBy(ApiKey, { applicationId, name: 'admin' })) {
      await revokeApiKey({ database: database() }, applicationId, id);
    }
    expect(await works(newAdminKey)).toBe(false);
    expect(await start(secret)).toMatchObject({ newAdminKey: undefined });
    const sender = await makeKey(applicationId, 'sender');
    await expect(start(secret, { adminKey: sender })).rejects.toThrow('lacks the scope admin');
  });

  test('in production there are only keys that somebody made, and any user only with proof', async () => {
    const { applicationId, demoKeys } = await start(new MasterSecret(first), { production: true });
    expect(demoKeys).toBeUndefined();
    const made = await database().entities.findBy(ApiKey, { applicationId });
    expect(made.map(({ name, kind }) => [name, kind])).toEqual([['admin', 'SECRET']]);
  });

  test('tells of an application that was made in development and takes any user', async () => {
    const secret = new MasterSecret(first);
    expect(await start(secret)).toMatchObject({ acceptsUnprovenUsers: true });
    expect(await start(secret, { production: true })).toMatchObject({ acceptsUnprovenUsers: true });
  });

  test('the secret key of the demo page works in development at a local address and with the present secret only', async () => {
    const { demoKeys } = await start(new MasterSecret(first));
    expect(await works(demoKeys?.sendKey)).toBe(true);
    const { demoKeys: changed } = await start(new MasterSecret(other, first));
    expect([await works(demoKeys?.sendKey), await works(changed?.sendKey)]).toEqual([false, true]);
    expect(await start(new MasterSecret(other, first), { demo: false })).toMatchObject({
      demoKeys: undefined,
    });
    expect([await works(changed?.sendKey), await works(changed?.publishableKey)]).toEqual([false, true]);
    expect(await start(new MasterSecret(other, first))).toMatchObject({ demoKeys: undefined });
  });

  test('leaves keys alone that others called the same', async () => {
    const secret = new MasterSecret(first);
    const { applicationId } = await start(secret);
    const tenant = await database().transaction(({ entities }) =>
      entities.save(entities.create(Application, { name: 'tenant', requireUserProof: true, createdAt: 1 })),
    );
    const theirs = [
      await makeKey(tenant.id, 'demo page'),
      await makeKey(tenant.id, 'FANFARE_ADMIN_KEY'),
      await makeKey(applicationId, 'demo page'),
    ];
    await start(secret, { production: true, adminKey: 'fs_a_key_of_the_environment' });
    await start(secret, { production: true });
    expect(await Promise.all(theirs.map(works))).toEqual([true, true, true]);
  });
});

describeEachKind('filling a database with examples', (kind) => {
  const secret = new MasterSecret(first);
  let fresh: FreshDatabase;
  let database: Database;

  beforeEach(async () => {
    fresh = await freshDatabase(kind);
    database = await openDatabase(fresh.target);
    jest.replaceProperty(process, 'env', { FANFARE_DATABASE_URL: fresh.url, FANFARE_SECRET: first });
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await database.close();
    await fresh.drop();
  });

  const start = (adminKey?: string) =>
    bootstrap({
      ...{ database, secret, vapidBox: new SealedBox(secret, 'vapid') },
      ...{ production: false, demo: true, keepsKeys: true, adminKey },
    });
  const works = async (key = '') => (await new Callers(database, 1).identify(`Bearer ${key}`)) !== undefined;

  test('leaves the admin key alone that a running server was given', async () => {
    const adminKey = 'fs_a_key_of_the_environment';
    await start(adminKey);
    await seed();
    expect(await works(adminKey)).toBe(true);
  });

  test('leaves it to the first start to make an admin key, and to show it', async () => {
    await seed();
    const { newAdminKey } = await start();
    expect(await works(newAdminKey)).toBe(true);
  });
});
