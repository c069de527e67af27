import type { VapidKey } from '../../database/entities/vapidKey';
import type { Database } from '../../database/openDatabase';
import type { Statement, StatementResult } from '../../database/sql';
import { Refusal } from '../../model/refusal';

type PublicVapidKey = Pick<VapidKey, 'id' | 'publicKey'>;

/** The application server key that new push subscriptions are made with: the youngest that lives. */
export async function currentVapidKey(database: Database, applicationId: number): Promise<PublicVapidKey> {
  const [read] = await database.sql.batch([vapidKeyOf(applicationId, undefined)]);
  return toVapidKey(read, undefined);
}

/**
 * Reads the application server key a browser says it subscribed with; the current one when it says nothing.
 * @param lock what keeps the key from being retired until the transaction ends, '' for nothing
 */
export function vapidKeyOf(applicationId: number, publicKey: string | undefined, lock = ''): Statement {
  const living = 'SELECT id, publicKey FROM vapid_key WHERE applicationId = ? AND retiredAt IS NULL';
  if (publicKey === undefined) {
    return { text: `${living} ORDER BY id DESC LIMIT 1 ${lock}`, values: [applicationId] };
  }
  return { text: `${living} AND publicKey = ? ${lock}`, values: [applicationId, publicKey] };
}

/**
 * @param publicKey as it was asked for
 * @throws Refusal BAD_USER_INPUT when the application has no such key, or has retired it
 */
export function toVapidKey(read: StatementResult | undefined, publicKey: string | undefined): PublicVapidKey {
  const key = read?.rows[0] as PublicVapidKey | undefined;
  if (key) return key;
  if (publicKey === undefined) throw new Refusal('UNAVAILABLE', 'This application has no VAPID key yet.');
  throw new Refusal(
    'BAD_USER_INPUT',
    'This is no key of the application, or a retired one: subscribe again with vapidPublicKey.',
    ['input', 'applicationServerKey'],
  );
}
