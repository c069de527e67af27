import { VapidKey } from '../database/entities/vapidKey';
import type { Transaction } from '../database/openDatabase';
import type { SealedBox } from '../secrets/sealedBox';
import { generateVapidKeyPair } from '../secrets/vapidKeyPair';

/** Makes an application server key pair (RFC 8292), the youngest of its application from then on. */
export async function addVapidKey(
  tx: Transaction,
  vapidBox: SealedBox,
  applicationId: number,
  now: number,
): Promise<VapidKey> {
  const { publicKey, privateKey } = generateVapidKeyPair();
  const sealedPrivateKey = vapidBox.seal(privateKey);
  return tx.entities.save(
    tx.entities.create(VapidKey, {
      ...{ applicationId, publicKey, sealedPrivateKey },
      createdAt: now,
      retiredAt: null,
    }),
  );
}
