import { countEachRetired } from '../../database/counts/countSubscriptions';
import { notificationsMentioningUser } from '../../database/notificationsMentioningUser';
import type { Database } from '../../database/openDatabase';
import { idList, insertion, type Sql, type TransactionSql } from '../../database/sql';
import type { PersonHashes } from '../../secrets/personHashes';
import { type ForgottenPerson, forgetInNotification, readNamedNotification } from './forgetInNotification';

const stepRows = 500;

export interface ErasureDeps {
  readonly database: Database;
  readonly personHashes: PersonHashes;
  readonly now?: () => number;
}

/**
 * Forgets a user of an application: every push subscription with its endpoint, keys and tags, the content of
 * notifications that named nobody else, and the user id wherever another notification names it. What remains of
 * deliveries holds the number of a row that no longer exists, and goes with retention. Deliveries under way find no
 * push subscription and settle. Idempotent. A keyed hash of the user id is kept, so that a restore can forget the user
 * again.
 * @returns how many push subscriptions there were
 */
export async function deletePerson(
  { database, personHashes, now = database.now }: ErasureDeps,
  applicationId: number,
  userId: string,
): Promise<number> {
  const rows = await database.sql.rows<{ id: number }>(
    'SELECT id FROM push_subscription WHERE applicationId = ? AND userId = ?',
    [applicationId, userId],
  );
  const person = { applicationId, userId, subscriptionIds: new Set(rows.map(({ id }) => id)) };
  for await (const some of notificationsMentioningUser(database, applicationId, userId)) {
    for (const id of some) await database.sqlTransaction((sql) => forgetIn(sql, database.kind, person, id));
  }
  let deleted = 0;
  for (;;) {
    const count = await deleteSome(database, person, now());
    if (count === 0) break;
    deleted += count;
  }
  // last: what a fault interrupts is not done, neither here nor after a restore
  await recordErasure(database, {
    applicationId,
    userHash: personHashes.hash(applicationId, userId),
    at: now(),
  });
  return deleted;
}

async function recordErasure(
  { sqlTransaction }: Database,
  { applicationId, userHash, at }: { applicationId: number; userHash: Buffer; at: number },
): Promise<void> {
  await sqlTransaction(async (sql) => {
    sql.defer({
      text: 'DELETE FROM erased_person WHERE applicationId = ? AND userHash = ?',
      values: [applicationId, userHash],
    });
    await sql.commitWith([insertion('erased_person', { applicationId, userHash, erasedAt: at })]);
  });
}

async function deleteSome(
  { kind, sqlTransaction }: Database,
  person: ForgottenPerson,
  now: number,
): Promise<number> {
  const { applicationId, userId } = person;
  return sqlTransaction(async (sql) => {
    const rows = await sql.rows<{ id: number; pushService: string; retiredAt: number | null }>(
      `SELECT id, pushService, retiredAt FROM push_subscription
       WHERE applicationId = ? AND userId = ? LIMIT ${stepRows} ${kind === 'mysql' ? 'FOR UPDATE' : ''}`,
      [applicationId, userId],
    );
    const [first] = rows;
    if (!first) return 0;
    const ids = idList(rows.map((row) => row.id));
    // together with the browsers, not before: a browser that can still be reached is not sent forgotten content
    for (const id of await addressedTo(sql, applicationId, ids)) await forgetIn(sql, kind, person, id);
    const live = rows.filter((row) => row.retiredAt === null);
    sql.defer(
      { text: `DELETE FROM push_subscription WHERE id IN (${ids})` },
      { text: `DELETE FROM subscription_tag WHERE subscriptionId IN (${ids})` },
      ...countEachRetired(kind, { applicationId, at: now, spread: first.id }, live),
    );
    return rows.length;
  });
}

/** The notifications that name one of these push subscriptions by its id since it is its present user's. */
async function addressedTo(sql: Sql, applicationId: number, subscriptionIds: string): Promise<Set<number>> {
  const byId = `INSTR(n.audience, '"subscriptionIds":[') > 0`;
  const sent = await sql.rows<{ id: number }>(
    `SELECT n.id FROM push_subscription s JOIN delivery d ON d.subscriptionId = s.id
     JOIN notification n ON n.id = d.notificationId
     WHERE s.id IN (${subscriptionIds}) AND COALESCE(n.sendAt, n.createdAt) >= s.userSince AND ${byId}`,
  );
  const toCome = await sql.rows<{ id: number }>(
    `SELECT n.id FROM notification n WHERE n.applicationId = ? AND n.status = 'SCHEDULED' AND ${byId}`,
    [applicationId],
  );
  return new Set([...sent, ...toCome].map(({ id }) => id));
}

async function forgetIn(
  sql: TransactionSql,
  kind: Database['kind'],
  person: ForgottenPerson,
  id: number,
): Promise<void> {
  // locked: two people named by one notification may be forgotten at the same moment
  const named = await readNamedNotification(sql, id, kind === 'mysql' ? 'FOR UPDATE' : '');
  const forget = named && forgetInNotification(named, person);
  if (forget) sql.defer(forget);
}
