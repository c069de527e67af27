import { revokeApiKey } from '../../actions/apiKey/revokeApiKey';
import { stopApplication } from '../../actions/application/stopApplication';
import { cancelNotification } from '../../actions/notification/cancelNotification';
import { deletePerson } from '../../actions/person/deletePerson';
import { detachUser } from '../../actions/pushSubscription/detachUser';
import { retireSubscriptionById } from '../../actions/pushSubscription/retirePushSubscription';
import { retireVapidKey } from '../../actions/vapidKey/retireVapidKey';
import { rotateVapidKey } from '../../actions/vapidKey/rotateVapidKey';
import type { Database } from '../../database/openDatabase';
import type { PersonHashes } from '../../secrets/personHashes';
import type { SealedBox } from '../../secrets/sealedBox';
import { findPeople } from './findPeople';
import type { ErasedPerson, Revocation, RevokedKind, RevokedRow } from './revocation';

export interface ApplyDeps {
  readonly database: Database;
  readonly personHashes: PersonHashes;
  /** Seals the key that takes the place of a retired one. */
  readonly vapidBox: SealedBox;
}

/** How many revocations of a kind there were, and how many named what the database has. */
export type Applied = Map<Revocation['kind'], { given: number; found: number }>;

interface Row {
  readonly id: number;
  readonly applicationId: number;
  /** Of a VAPID key. */
  readonly publicKey: string;
}

const rowOf: Readonly<Record<RevokedKind, string>> = {
  'api-key': 'SELECT id, applicationId FROM api_key WHERE id = ?',
  application: 'SELECT id, id AS applicationId FROM application WHERE id = ?',
  notification: 'SELECT id, applicationId FROM notification WHERE id = ?',
  'push-subscription': 'SELECT id, applicationId FROM push_subscription WHERE id = ?',
  // a backup that knows that the user left may have the next one
  'user-left': 'SELECT id, applicationId FROM push_subscription WHERE id = ? AND COALESCE(userLeftAt, 0) < ?',
  'vapid-key': 'SELECT id, applicationId, publicKey FROM vapid_key WHERE id = ?',
};

const revoke: Readonly<Record<RevokedKind, (parts: ApplyDeps, row: Row) => Promise<unknown>>> = {
  'api-key': (parts, { applicationId, id }) => revokeApiKey(parts, applicationId, id),
  // nothing runs beside this that could accept or send anything more
  application: ({ database }, { id }) => stopApplication({ database, settleMs: 0 }, id, () => undefined),
  notification: (parts, { id }) => cancelNotification(parts, id),
  'push-subscription': (parts, { applicationId, id }) => retireSubscriptionById(parts, applicationId, id),
  'user-left': (parts, { id }) => detachUser(parts, id),
  'vapid-key': retireKey,
};

/** Takes back once more what a restore has brought back. Each is a step of its own; safe to run again. */
export async function applyRevocations(
  parts: ApplyDeps,
  revocations: readonly Revocation[],
): Promise<Applied> {
  const applied: Applied = new Map();
  const count = (kind: Revocation['kind'], found: number) => {
    const before = applied.get(kind) ?? { given: 0, found: 0 };
    applied.set(kind, { given: before.given + 1, found: before.found + found });
  };
  const people: ErasedPerson[] = [];
  for (const each of revocations) {
    if (each.kind === 'person') people.push(each);
    else count(each.kind, (await applyToRow(parts, each)) ? 1 : 0);
  }
  const users = await findPeople(parts, people);
  for (const { applicationId, userId } of users) await deletePerson(parts, applicationId, userId);
  if (people.length > 0) applied.set('person', { given: people.length, found: users.length });
  return applied;
}

/** @returns false when the database has no such row, or one that is later */
async function applyToRow(parts: ApplyDeps, { kind, rowId, at }: RevokedRow): Promise<boolean> {
  const [row] = await parts.database.sql.rows<Row>(rowOf[kind], at === undefined ? [rowId] : [rowId, at]);
  if (row) await revoke[kind](parts, row);
  return row !== undefined;
}

/** The key that took its place is lost; a new one does, and the browsers move to it at their next visit. */
async function retireKey(parts: ApplyDeps, { applicationId, id, publicKey }: Row): Promise<void> {
  const others = await parts.database.sql.rows(
    'SELECT id FROM vapid_key WHERE applicationId = ? AND retiredAt IS NULL AND id > ?',
    [applicationId, id],
  );
  if (others.length === 0) await rotateVapidKey(parts, applicationId);
  await retireVapidKey(parts, applicationId, publicKey, true);
}
