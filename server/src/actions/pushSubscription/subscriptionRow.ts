import { hash } from 'node:crypto';
import { toBuffer } from '../../database/entities/columns';
import type { PushSubscription } from '../../database/entities/pushSubscription';
import {
  insertion,
  placeholders,
  type Statement,
  type StatementResult,
  type TransactionSql,
} from '../../database/sql';

/* The rows of a push subscription, read and written by plain SQL: registering is one of the commonest calls. */

export function hashEndpoint(endpoint: string): Buffer {
  return hash('sha256', endpoint, 'buffer');
}

const columns = [
  ...['id', 'applicationId', 'endpointHash', 'endpoint', 'p256dh', 'sealedAuth', 'vapidKeyId', 'pushService'],
  ...['userId', 'locale', 'timeZone', 'expirationTime', 'createdAt', 'lastSeenAt', 'version', 'verifiedAt'],
  ...['welcomedAt', 'retiredAt', 'retiredReason', 'userSince', 'userLeftAt', 'unverifiedSince'],
  ...['neverAcceptedSince', 'sendsWithoutAccept'],
].join(', ');

/** @param lock what the engine locks a row by that is read, '' for none */
export function subscriptionAt(
  { applicationId, endpointHash }: { applicationId: number; endpointHash: Buffer },
  lock = '',
): Statement {
  const text = `SELECT ${columns} FROM push_subscription WHERE endpointHash = ? AND applicationId = ? ${lock}`;
  return { text, values: [endpointHash, applicationId] };
}

export function toSubscription(read: StatementResult | undefined): PushSubscription | null {
  const row = read?.rows[0] as PushSubscription | undefined;
  if (!row) return null;
  const { endpointHash, p256dh, sealedAuth } = row;
  return {
    ...row,
    endpointHash: toBuffer(endpointHash),
    p256dh: toBuffer(p256dh),
    sealedAuth: toBuffer(sealedAuth),
  };
}

export function tagsOf(subscriptionId: number): Statement {
  const text = 'SELECT tag FROM subscription_tag WHERE subscriptionId = ? ORDER BY tag';
  return { text, values: [subscriptionId] };
}

export function untagged(subscriptionId: number, tags: readonly string[]): Statement {
  const text = `DELETE FROM subscription_tag WHERE subscriptionId = ? AND tag IN (${placeholders(tags.length)})`;
  return { text, values: [subscriptionId, ...tags] };
}

export function toTags(read: StatementResult | undefined): string[] {
  return ((read?.rows ?? []) as { tag: string }[]).map(({ tag }) => tag);
}

/**
 * Inserts a row that has no id yet, writes over one that has, and ends the transaction.
 * @param tags absent leaves those that there are
 * @param more statements that belong to it
 * @returns the tags in alphabetical order, each once
 */
export async function writeSubscription(
  sql: TransactionSql,
  row: Omit<PushSubscription, 'id'> & { readonly id?: number },
  tags: readonly string[] | undefined,
  more: readonly Statement[],
): Promise<{ id: number; tags: string[] }> {
  const { id, ...values } = row;
  const { applicationId } = row;
  const unique = tags && [...new Set(tags)].sort();
  if (id === undefined) {
    const labels = labelled(sql.lastId, applicationId, unique ?? []);
    const [inserted] = await sql.commitWith([insertion('push_subscription', values), ...labels, ...more]);
    if (!inserted) throw new Error('The database did not say what id the row was given.');
    return { id: inserted.insertId, tags: unique ?? [] };
  }
  const assignments = Object.keys(values).map((name) => `${name} = ?`);
  sql.defer({
    text: `UPDATE push_subscription SET ${assignments.join(', ')} WHERE id = ?`,
    values: [...Object.values(values), id],
  });
  if (unique === undefined) {
    const [labels] = await sql.commitWith([tagsOf(id), ...more]);
    return { id, tags: toTags(labels) };
  }
  const cleared = { text: 'DELETE FROM subscription_tag WHERE subscriptionId = ?', values: [id] };
  await sql.commitWith([cleared, ...labelled(String(id), applicationId, unique), ...more]);
  return { id, tags: unique };
}

/** @param id as it stands in a statement */
function labelled(id: string, applicationId: number, tags: readonly string[]): Statement[] {
  if (tags.length === 0) return [];
  const text = `INSERT INTO subscription_tag (subscriptionId, applicationId, tag)
    VALUES ${tags.map(() => `(${id}, ?, ?)`).join(', ')}`;
  return [{ text, values: tags.flatMap((tag) => [applicationId, tag]) }];
}
