import { IsNull } from 'typeorm';
import { VapidKey } from '../database/entities/vapidKey';
import type { Database } from '../database/openDatabase';
import { Refusal } from '../model/refusal';

/** The application server key that new push subscriptions are made with: the youngest that lives. */
export async function currentVapidKey(
  database: Database,
  applicationId: number,
): Promise<Pick<VapidKey, 'id' | 'publicKey'>> {
  const key = await database.entities.findOne(VapidKey, {
    select: { id: true, publicKey: true },
    where: { applicationId, retiredAt: IsNull() },
    order: { id: 'DESC' },
  });
  if (key) return key;
  throw new Refusal('UNAVAILABLE', 'This application has no VAPID key yet.');
}

/**
 * The application server key a browser says it subscribed with; the current one when it says nothing.
 * @throws Refusal BAD_USER_INPUT when the application has no such key, or has retired it
 */
export async function subscribedVapidKey(
  database: Database,
  applicationId: number,
  publicKey: string | undefined,
): Promise<Pick<VapidKey, 'id'>> {
  if (publicKey === undefined) return currentVapidKey(database, applicationId);
  const key = await database.entities.findOne(VapidKey, {
    select: { id: true },
    where: { applicationId, publicKey, retiredAt: IsNull() },
  });
  if (key) return key;
  throw new Refusal(
    'BAD_USER_INPUT',
    'This is no key of the application, or a retired one: subscribe again with vapidPublicKey.',
    ['input', 'applicationServerKey'],
  );
}
