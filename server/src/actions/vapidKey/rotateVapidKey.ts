import type { VapidKey } from '../../database/entities/vapidKey';
import type { Database } from '../../database/openDatabase';
import type { SealedBox } from '../../secrets/sealedBox';
import { addVapidKey } from './addVapidKey';

/**
 * Gives an application a new application server key. New push subscriptions are made with it; those there are keep
 * the key they were made with until their browsers come by again.
 */
export async function rotateVapidKey(
  parts: { database: Database; vapidBox: SealedBox; now?: () => number },
  applicationId: number,
): Promise<VapidKey> {
  const now = (parts.now ?? parts.database.now)();
  return parts.database.transaction((tx) => addVapidKey(tx, parts.vapidBox, applicationId, now));
}
