import { VapidKey } from '../../database/entities/vapidKey';
import type { Transaction } from '../../database/openDatabase';
import type { SealedBox } from '../../secrets/sealedBox';
import { generateVapidKeyPair } from '../../webPush/vapid/vapidKeyPair';

/**
 * Stores an application server key pair (RFC 8292), the youngest of its application from then on.
 * @param pair a new one unless it is given
 */
export async function addVapidKey(
  tx: Transaction,
  vapidBox: SealedBox,
  applicationId: number,
  now: number,
  { publicKey, privateKey } = generateVapidKeyPair(),
): Promise<VapidKey> {
  const sealedPrivateKey = vapidBox.seal(privateKey);
  return tx.entities.save(
    tx.entities.create(VapidKey, {
      ...{ applicationId, publicKey, sealedPrivateKey },
      createdAt: now,
      retiredAt: null,
    }),
  );
}
