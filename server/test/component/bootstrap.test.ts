import { ConfigError } from '../../src/config';
import { ApiKey } from '../../src/database/entities/apiKey';
import { bootstrap } from '../../src/processes/bootstrap';
import { MasterSecret } from '../../src/secrets/masterSecret';
import { SealedBox } from '../../src/secrets/sealedBox';
import { describeEachDatabase } from '../support/engines';

const first = 'the secret at the first start, long enough';
const other = 'another secret altogether, also long enough';

describeEachDatabase('bootstrap', (database) => {
  const start = (secret: MasterSecret) =>
    bootstrap({
      ...{ database: database(), secret, vapidBox: new SealedBox(secret, 'vapid') },
      ...{ production: false, keepsKeys: true, adminKey: undefined },
    });
  const keys = () => database().entities.count(ApiKey);

  test('starts again with the secret that the database was sealed with, and with no other', async () => {
    const made = await start(new MasterSecret(first));
    expect(made.newAdminKey).toMatch(/^fs_/);
    expect(await start(new MasterSecret(first))).toMatchObject({ newAdminKey: undefined });
    const before = await keys();

    await expect(start(new MasterSecret(other))).rejects.toThrow(ConfigError);
    expect(await keys()).toBe(before);
    expect(await start(new MasterSecret(other, first))).toMatchObject({ newAdminKey: undefined });
  });
});
