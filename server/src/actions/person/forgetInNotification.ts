import type { Sql, Statement } from '../../database/sql';
import type { Audience } from '../../model/audience';
import { forgottenContent } from '../../model/notificationContent';

/** A user to forget, with the push subscriptions that are theirs now. */
export interface ForgottenPerson {
  readonly applicationId: number;
  readonly userId: string;
  readonly subscriptionIds: ReadonlySet<number>;
}

/** What a notification says of those it is for. */
export interface NamedNotification {
  readonly id: number;
  readonly audience: Audience;
  readonly topic: string | null;
  readonly idempotencyKey: string | null;
}

/** No user has this id: a user id has at least one character. */
const nobody = '';
/** Equals no SHA-256: a repeated call with the same idempotency key is another input. */
const forgottenHash = Buffer.alloc(32);

export async function readNamedNotification(
  sql: Sql,
  id: number,
  lock: string,
): Promise<NamedNotification | undefined> {
  const [row] = await sql.rows<Omit<NamedNotification, 'audience'> & { audience: string }>(
    `SELECT id, audience, topic, idempotencyKey FROM notification WHERE id = ? ${lock}`,
    [id],
  );
  return row && { ...row, audience: JSON.parse(row.audience) as Audience };
}

/**
 * Takes a person out of a notification. One that named only this person loses its content, topic and idempotency key;
 * one that named others keeps its content, and a topic or idempotency key in which the user id does not occur.
 * The hash of the input goes in either case, because the user id could be guessed from it.
 * @returns undefined when it does not name the person
 */
export function forgetInNotification(
  { id, audience, topic, idempotencyKey }: NamedNotification,
  person: ForgottenPerson,
): Statement | undefined {
  const { userIds, subscriptionIds } = audience;
  const isNamed = userIds?.includes(person.userId) ?? false;
  const isHere = subscriptionIds?.some((each) => person.subscriptionIds.has(each)) ?? false;
  if (!isNamed && !isHere) return undefined;
  const isAlone = isNamed
    ? userIds?.every((each) => each === person.userId || each === nobody)
    : subscriptionIds?.every((each) => person.subscriptionIds.has(each));
  const stays = (text: string | null) => (isAlone || text?.includes(person.userId) ? null : text);
  const left = userIds && { userIds: userIds.map((each) => (each === person.userId ? nobody : each)) };
  const content = isAlone ? ', content = ?' : '';
  return {
    text: `UPDATE notification SET audience = ?, topic = ?, idempotencyKey = ?, inputHash = ?${content} WHERE id = ?`,
    values: [
      ...[JSON.stringify({ ...audience, ...left }), stays(topic), stays(idempotencyKey), forgottenHash],
      ...(isAlone ? [forgottenContent] : []),
      id,
    ],
  };
}
