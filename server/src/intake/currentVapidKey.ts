import { VapidKey } from '../database/entities/vapidKey';
import type { Database } from '../database/openDatabase';
import { Refusal } from '../model/refusal';

/** The application server key that new push subscriptions are made with: the youngest. */
export async function currentVapidKey(
  database: Database,
  applicationId: number,
): Promise<Pick<VapidKey, 'id' | 'publicKey'>> {
  const key = await database.entities.findOne(VapidKey, {
    select: { id: true, publicKey: true },
    where: { applicationId },
    order: { id: 'DESC' },
  });
  if (key) return key;
  throw new Refusal('UNAVAILABLE', 'This application has no VAPID key yet.');
}
