import type { PushSubscription } from '../../database/entities/pushSubscription';
import type { TransactionSql } from '../../database/sql';
import { tagsAfter } from './protectedTags';
import type { SubscribeRequest } from './subscribeRequest';
import { tagsOf, toTags } from './subscriptionRow';

export interface ReplacedSubscription {
  readonly subscription: PushSubscription;
  readonly tags: string[];
  /** Whether the caller that replaces it has its `auth` secret. */
  readonly isSame: boolean;
}

interface TagOwners {
  readonly known: PushSubscription | null;
  readonly replaced: ReplacedSubscription | undefined;
  readonly userId: string | null;
}

/** @returns undefined for the tags that it has already */
export async function labelsOf(
  sql: TransactionSql,
  request: SubscribeRequest,
  { known, replaced, userId }: TagOwners,
): Promise<readonly string[] | undefined> {
  const { tags, protectedTags = [], browser } = request;
  if (protectedTags.length === 0) return tags ?? (known ? undefined : replaced?.tags);
  const [read] = known ? await sql.batch([tagsOf(known.id)]) : [];
  return tagsAfter({
    ...{ protectedTags, asked: tags, existing: known ? toTags(read) : (replaced?.tags ?? []) },
    ...{ isPage: browser !== undefined, claimed: browser?.claimedTags },
    isSameOwner: known ? known.userId === userId : isProvenHeir(request, replaced, userId),
  });
}

/** A live browser passes its protected tags on, to a caller that has its `auth` secret or proof of its user. */
function isProvenHeir(
  { browser }: SubscribeRequest,
  replaced: ReplacedSubscription | undefined,
  userId: string | null,
): boolean {
  if (!replaced || replaced.subscription.retiredAt !== null) return false;
  if (replaced.subscription.userId !== userId) return false;
  return browser === undefined || replaced.isSame || (browser.isUserProven && userId !== null);
}
