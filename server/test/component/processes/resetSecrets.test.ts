/** After a lost secret: what it sealed is given up, the rest goes on, and a refused start leaves nothing behind. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerPushSubscription } from '../../../src/actions/pushSubscription/registerPushSubscription';
import { retireSubscriptionById } from '../../../src/actions/pushSubscription/retirePushSubscription';
import { countUnopened, giveUpSealed } from '../../../src/commands/resetSecrets/giveUpSealed';
import { readConfig } from '../../../src/config';
import { liveSubscriptions } from '../../../src/database/counts/countSubscriptions';
import { Application } from '../../../src/database/entities/application';
import { PushSubscription } from '../../../src/database/entities/pushSubscription';
import { VapidKey } from '../../../src/database/entities/vapidKey';
import { resealSecrets, type SealedBoxes, sealedBoxes } from '../../../src/janitor/resealSecrets';
import { silentLog } from '../../../src/observe/log';
import { bootstrap } from '../../../src/processes/bootstrap';
import { startFanfare } from '../../../src/processes/startFanfare';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const lost = new MasterSecret('the secret that is lost, long enough');
const fresh = new MasterSecret('the secret that took its place, too');

describeEachDatabase('a lost secret', (database) => {
  const start = (secret: MasterSecret) =>
    bootstrap({
      ...{ database: database(), secret, vapidBox: sealedBoxes(secret).vapidBox, adminKey: undefined },
      ...{ production: false, demo: false, keepsKeys: false },
    });
  const register = async (applicationId: number, name: string, { authBox }: SealedBoxes) => {
    const { subscription } = await registerPushSubscription(
      { database: database(), authBox },
      {
        ...{ applicationId, endpoint: `https://push.example.org/${name}`, auth: Buffer.alloc(16, 7) },
        ...{ pushService: 'push.example.org', p256dh: Buffer.alloc(65, 4), userId: name, tags: ['news'] },
      },
    );
    return subscription.id;
  };
  const subscription = (id: number) => database().entities.findOneByOrFail(PushSubscription, { id });
  const keysOf = (applicationId: number) =>
    database().entities.find(VapidKey, { where: { applicationId }, order: { id: 'DESC' } });

  test('VAPID keys, browsers and shared secrets are given up, everything else stays', async () => {
    const { applicationId } = await start(lost);
    const old = sealedBoxes(lost);
    const tenant = await seedApplication(database(), {
      ...{ requireUserProof: true, userProofSecret: old.userProofBox.seal(Buffer.from('shared')) },
      userProofPublicKey: 'a public key',
    });
    await database().write((sql) =>
      sql.run('UPDATE vapid_key SET sealedPrivateKey = ? WHERE applicationId = ?', [
        old.vapidBox.seal(Buffer.alloc(32, 3)),
        tenant.id,
      ]),
    );
    const [ada, bob, cid] = [
      await register(applicationId, 'ada', old),
      await register(applicationId, 'bob', old),
      await register(tenant.id, 'cid', old),
    ];
    await retireSubscriptionById({ database: database() }, applicationId, bob);
    const earlier = await keysOf(applicationId);
    await expect(start(fresh)).rejects.toThrow('npx fanfare secrets reset');

    const boxes = sealedBoxes(fresh);
    const unopened = { userProofSecrets: 1, vapidKeys: 2, pushSubscriptions: 3 };
    expect(await countUnopened(database(), boxes)).toEqual(unopened);
    expect(await countUnopened(database(), old)).toEqual({
      ...{ userProofSecrets: 0, vapidKeys: 0, pushSubscriptions: 0 },
    });
    expect(await giveUpSealed(database(), boxes)).toBe(2);
    expect(Object.values(await countUnopened(database(), boxes))).toEqual([0, 0, 0]);
    expect(await giveUpSealed(database(), boxes)).toBe(0);

    await start(fresh);
    expect(await subscription(ada)).toMatchObject({ retiredReason: 'vapid-key-retired', userId: 'ada' });
    expect(await subscription(bob)).toMatchObject({ retiredReason: 'retired' });
    expect(await subscription(cid)).toMatchObject({ retiredReason: 'vapid-key-retired' });
    for (const id of [applicationId, tenant.id]) {
      expect(await liveSubscriptions(database().sql, id)).toBe(0);
      const keys = await keysOf(id);
      expect(keys.map(({ retiredAt }) => retiredAt === null)).toEqual([true, false]);
      expect(boxes.vapidBox.open(keys[0]?.sealedPrivateKey ?? Buffer.alloc(0))).toHaveLength(32);
    }
    expect((await keysOf(applicationId))[1]?.publicKey).toBe(earlier[0]?.publicKey);
    expect(await database().entities.findOneByOrFail(Application, { id: tenant.id })).toMatchObject({
      ...{ requireUserProof: true, userProofSecret: null, userProofPublicKey: 'a public key' },
    });
    // a later change of the secret finds nothing that it cannot open
    const next = new MasterSecret(
      'the secret after that, also long enough',
      'the secret that took its place, too',
    );
    expect(await resealSecrets(database(), sealedBoxes(next))).toBeGreaterThan(0);
    await giveUpSealed(database(), sealedBoxes(next));
  });

  test('a change of the secret that was interrupted: only what was not sealed anew is given up', async () => {
    const { id: applicationId } = await seedApplication(database());
    const boxes = sealedBoxes(fresh);
    await database().write((sql) =>
      sql.run('UPDATE vapid_key SET sealedPrivateKey = ? WHERE applicationId = ?', [
        boxes.vapidBox.seal(Buffer.alloc(32, 3)),
        applicationId,
      ]),
    );
    const sealedAnew = await register(applicationId, 'dora', boxes);
    const notYet = await register(applicationId, 'eve', sealedBoxes(lost));
    await giveUpSealed(database(), boxes);
    expect(await subscription(sealedAnew)).toMatchObject({ retiredAt: null });
    expect(await subscription(notYet)).toMatchObject({ retiredReason: 'retired' });
    expect(await liveSubscriptions(database().sql, applicationId)).toBe(1);
    expect(await keysOf(applicationId)).toHaveLength(1);
    // its browser, which still has the endpoint, proves its user and is back
    const [known] = await database().sql.rows<{ retiredAt: number | null }>(
      'SELECT retiredAt FROM push_subscription WHERE id = ?',
      [await register(applicationId, 'eve', boxes)],
    );
    expect(known?.retiredAt).toBeNull();
  });
});

test('a start that is refused for want of a secret writes none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-secret-'));
  const file = join(folder, 'secret');
  const config = readConfig({ FANFARE_DATA_DIR: folder, FANFARE_PORT: '0', FANFARE_ENCRYPTION_THREADS: '0' });
  const start = () => startFanfare({ config, role: 'all', log: silentLog });
  try {
    await (await start()).stop();
    expect(existsSync(file)).toBe(true);
    rmSync(file);
    await expect(start()).rejects.toThrow(/FANFARE_SECRET: not set, and there is no file "secret" in /);
    expect(existsSync(file)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
