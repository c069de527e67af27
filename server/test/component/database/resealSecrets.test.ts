import { registerPushSubscription } from '../../../src/actions/pushSubscription/registerPushSubscription';
import { Application } from '../../../src/database/entities/application';
import { PushSubscription } from '../../../src/database/entities/pushSubscription';
import { VapidKey } from '../../../src/database/entities/vapidKey';
import { resealSecrets } from '../../../src/janitor/resealSecrets';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { SealedBox } from '../../../src/secrets/sealedBox';
import { seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const boxesOf = (secret: MasterSecret) => ({
  authBox: new SealedBox(secret, 'auth'),
  vapidBox: new SealedBox(secret, 'vapid'),
  userProofBox: new SealedBox(secret, 'user-proof'),
});
const before = 'the secret there was, thirty-two long';
const today = 'the secret of today, thirty-two long';

describeEachDatabase('a change of the secret', (database) => {
  test('opens everything meanwhile, and is over when everything is sealed anew', async () => {
    const old = boxesOf(new MasterSecret(before));
    const both = boxesOf(new MasterSecret(today, before));
    const fresh = boxesOf(new MasterSecret(today));
    const proof = Buffer.from('proof');
    const auth = Buffer.alloc(16, 7);
    const { id: applicationId } = await seedApplication(database(), {
      userProofSecret: old.userProofBox.seal(proof),
    });
    await database().write((sql) =>
      sql.run('UPDATE vapid_key SET sealedPrivateKey = ?', [old.vapidBox.seal(Buffer.alloc(32, 3))]),
    );
    const register = (name: string, authBox: SealedBox) =>
      registerPushSubscription(
        { database: database(), authBox },
        {
          ...{ applicationId, endpoint: `https://push.example.org/${name}`, auth },
          pushService: 'push.example.org',
          p256dh: Buffer.alloc(65, 4),
        },
      );
    for (let n = 0; n < 600; n += 1) await register(`old${n}`, old.authBox);
    await register('new', both.authBox);

    const read = async () => ({
      proofs: (await database().entities.find(Application)).map((row) => row.userProofSecret as Buffer),
      keys: (await database().entities.find(VapidKey)).map((row) => row.sealedPrivateKey),
      auths: (await database().entities.find(PushSubscription)).map((row) => row.sealedAuth),
    });
    const sealed = await read();
    expect(both.authBox.open(sealed.auths[0] ?? Buffer.alloc(0))).toEqual(auth);
    expect(() => fresh.authBox.open(sealed.auths[0] ?? Buffer.alloc(0))).toThrow();

    expect(await resealSecrets(database(), both)).toBe(602);
    expect(await resealSecrets(database(), both)).toBe(0);
    const after = await read();
    for (const each of after.proofs) expect(fresh.userProofBox.open(each)).toEqual(proof);
    for (const each of after.keys) expect(fresh.vapidBox.open(each)).toEqual(Buffer.alloc(32, 3));
    for (const each of after.auths) expect(fresh.authBox.open(each)).toEqual(auth);
    expect(after.auths).toHaveLength(601);
  });
});
