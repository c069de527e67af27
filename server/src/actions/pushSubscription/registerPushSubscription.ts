import { timingSafeEqual } from 'node:crypto';
import { countCreated, countJustRetiredRow, countRetired } from '../../database/counts/countSubscriptions';
import type { PushSubscription } from '../../database/entities/pushSubscription';
import { isDuplicate } from '../../database/faults';
import type { Database } from '../../database/openDatabase';
import type { Statement, TransactionSql } from '../../database/sql';
import { Refusal } from '../../model/refusal';
import type { SealedBox } from '../../secrets/sealedBox';
import { toVapidKey, vapidKeyOf } from '../vapidKey/currentVapidKey';
import { isProtected } from './protectedTags';
import type { SubscribeRequest } from './subscribeRequest';
import { refuseTooManyOfApplication, refuseTooManyOfUser } from './subscriptionLimits';
import {
  hashEndpoint,
  subscriptionAt,
  tagsOf,
  toSubscription,
  toTags,
  untagged,
  writeSubscription,
} from './subscriptionRow';
import { labelsOf, type ReplacedSubscription } from './subscriptionTags';

export interface RegisteredSubscription {
  readonly subscription: PushSubscription;
  readonly tags: string[];
  readonly created: boolean;
  /** Whether it is one more: made by this call, or retired until now. */
  readonly isNew: boolean;
}

export interface SubscriptionDeps {
  readonly database: Database;
  /** Seals the `auth` secrets at rest. */
  readonly authBox: SealedBox;
  readonly now?: () => number;
}

/**
 * Stores a push subscription, one row per endpoint and application: a second call for the same endpoint
 * refreshes its keys, owner and tags, and wakes it if it had been retired. An endpoint alone is no proof: a browser
 * that registers a known one brings its `auth` secret or is proved to be its user.
 * @throws Refusal FORBIDDEN for somebody else's endpoint, RATE_LIMITED when the user has too many
 */
export async function registerPushSubscription(
  parts: SubscriptionDeps,
  request: SubscribeRequest,
): Promise<RegisteredSubscription> {
  const work = () => parts.database.sqlTransaction((sql) => upsert(sql, parts, request));
  // two first calls for one endpoint at the same moment: the loser finds the winner's row on its second try
  return work().catch((error: unknown) => {
    if (isDuplicate(error)) return work();
    throw error;
  });
}

async function upsert(
  sql: TransactionSql,
  { authBox, database, now: clock = database.now }: SubscriptionDeps,
  request: SubscribeRequest,
): Promise<RegisteredSubscription> {
  const { applicationId } = request;
  const endpointHash = hashEndpoint(request.endpoint);
  // a worker that retires the row meanwhile comes wholly before or after: then the row has a newer version
  const lock = database.kind === 'mysql' ? 'FOR UPDATE' : '';
  // whoever retires the key waits for us, and then finds the row; MariaDB knows no FOR SHARE
  const keyLock = database.kind === 'mysql' ? 'LOCK IN SHARE MODE' : '';
  const [found, key] = await sql.batch([
    subscriptionAt({ applicationId, endpointHash }, lock),
    vapidKeyOf(applicationId, request.applicationServerKey, keyLock),
  ]);
  const { id: vapidKeyId } = toVapidKey(key, request.applicationServerKey);
  // read after the row is locked: what was sent while we waited for it counts as sent earlier
  const now = clock();
  const known = toSubscription(found);
  const isSame = known !== null && holdsAuth(authBox, known, request.auth);
  refuseForeign(known, isSame, request);
  const moment = { at: now, spread: endpointHash.readUInt8() };
  const replaced = await takeReplaced(sql, { authBox, database }, request, moment);
  const inherited = known ?? replaced?.subscription;
  const userId = request.userId === undefined ? (inherited?.userId ?? null) : request.userId;
  const isNew = known === null || known.retiredAt !== null;
  await refuseTooMany(sql, database.kind, request, { userId, isNew, isTheirs: known?.userId === userId });
  const row = {
    ...(known ?? { createdAt: now, applicationId, endpointHash }),
    ...asReported(request, inherited),
    ...provenBefore(known ? { subscription: known, isSame } : undefined, replaced, now),
    ...ownedSince(known, userId, now),
    ...acceptedBefore(isSame ? known : null, request, vapidKeyId, now),
    ...{ sealedAuth: authBox.seal(request.auth), vapidKeyId, userId, lastSeenAt: now },
    ...{ version: (known?.version ?? 0) + 1, retiredAt: null, retiredReason: null },
  };
  const counts = countsOf(database.kind, known, { ...moment, applicationId, pushService: row.pushService });
  const labels = await labelsOf(sql, request, { known, replaced, userId });
  const { id, tags } = await writeSubscription(sql, row, labels, counts);
  return { subscription: { ...row, id }, tags, created: known === null, isNew };
}

/** What a browser says of itself; where it says nothing of language and time zone, what it said before holds. */
function asReported(request: SubscribeRequest, inherited: PushSubscription | undefined) {
  return {
    endpoint: request.endpoint,
    p256dh: request.p256dh,
    pushService: request.pushService,
    expirationTime: request.expirationTime ?? null,
    locale: request.locale ?? inherited?.locale ?? null,
    timeZone: request.timeZone ?? inherited?.timeZone ?? null,
  };
}

/** One that lives already counts as it did, unless its push service has another name by now. */
function countsOf(
  kind: Database['kind'],
  known: PushSubscription | null,
  change: { applicationId: number; pushService: string; at: number; spread: number },
): Statement[] {
  if (known === null || known.retiredAt !== null) return [countCreated(kind, change)];
  if (known.pushService === change.pushService) return [];
  return [countRetired(kind, { ...change, pushService: known.pushService }, 1), countCreated(kind, change)];
}

/**
 * Other keys may belong to another browser, which has to verify itself again. A subscription that replaces a live,
 * verified one and holds its `auth` secret is the same browser: it takes the verification over, and the replaced one
 * loses it.
 */
function provenBefore(
  known: { subscription: PushSubscription; isSame: boolean } | undefined,
  replaced: { subscription: PushSubscription; isSame: boolean } | undefined,
  now: number,
) {
  if (known?.isSame) {
    const { verifiedAt, welcomedAt, unverifiedSince } = known.subscription;
    return { verifiedAt, welcomedAt, unverifiedSince };
  }
  // the endpoint has been welcomed today, whatever keys it had: other keys bring no second message
  if (known) return { verifiedAt: null, welcomedAt: known.subscription.welcomedAt, unverifiedSince: now };
  const isHeir = replaced?.isSame && replaced.subscription.retiredAt === null;
  const verifiedAt = isHeir ? replaced.subscription.verifiedAt : null;
  return { verifiedAt, welcomedAt: null, unverifiedSince: null };
}

/** What was sent in the millisecond of a change of user may have been for the previous one. */
function ownedSince(known: PushSubscription | null, userId: string | null, now: number) {
  if (known === null) return { userSince: now, userLeftAt: null };
  const { userSince, userLeftAt } = known;
  if (known.userId === userId) return { userSince, userLeftAt };
  return { userSince: now + 1, userLeftAt: known.userId === null ? userLeftAt : now };
}

/** With other keys, nothing has been accepted yet; a retired row that wakes gets its time from the beginning. */
function acceptedBefore(
  known: PushSubscription | null,
  { p256dh }: SubscribeRequest,
  vapidKeyId: number,
  now: number,
) {
  const hasSameKeys = known?.vapidKeyId === vapidKeyId && known.p256dh.equals(p256dh);
  const isNew = !hasSameKeys || (known.retiredAt !== null && known.neverAcceptedSince !== null);
  if (isNew) return { neverAcceptedSince: now, sendsWithoutAccept: 0 };
  const { neverAcceptedSince, sendsWithoutAccept } = known;
  return { neverAcceptedSince, sendsWithoutAccept };
}

function holdsAuth(authBox: SealedBox, known: PushSubscription, given: Buffer | undefined): boolean {
  const auth = authBox.open(known.sealedAuth);
  return auth.length === given?.length && timingSafeEqual(auth, given);
}

/** An endpoint is hard to guess, but it is known to more than its browser, for example to those who read its logs. */
function mayReplace(authBox: SealedBox, known: PushSubscription, request: SubscribeRequest): boolean {
  const { browser, userId, replacesAuth } = request;
  if (!browser?.mustProveUsers || known.userId === null) return true;
  return (browser.isUserProven && known.userId === userId) || holdsAuth(authBox, known, replacesAuth);
}

function refuseForeign(known: PushSubscription | null, isSame: boolean, request: SubscribeRequest): void {
  if (known === null || isSame || request.browser === undefined) return;
  const isOwner = request.browser.isUserProven && known.userId !== null && known.userId === request.userId;
  if (isOwner) return;
  throw new Refusal(
    'FORBIDDEN',
    'This endpoint is registered already, with another auth secret: prove its user, or subscribe anew.',
    ['input', 'subscription', 'keys', 'auth'],
  );
}

/** To be asked when the one that is replaced has gone, so that it does not count. */
async function refuseTooMany(
  sql: TransactionSql,
  kind: Database['kind'],
  { applicationId, browser, subscriptionsMost = 0 }: SubscribeRequest,
  { userId, isNew, isTheirs }: { userId: string | null; isNew: boolean; isTheirs: boolean },
): Promise<void> {
  if (browser && userId !== null && (isNew || !isTheirs)) {
    await refuseTooManyOfUser(sql, kind, { applicationId, userId, most: browser.subscriptionsPerUser });
  }
  if (isNew) await refuseTooManyOfApplication(sql, kind, { applicationId, most: subscriptionsMost });
}

/** Retires the row that is being replaced and gives what the new one inherits. */
async function takeReplaced(
  sql: TransactionSql,
  { authBox, database }: SubscriptionDeps,
  request: SubscribeRequest,
  moment: { at: number; spread: number },
): Promise<ReplacedSubscription | undefined> {
  if (request.replaces === undefined || request.replaces === request.endpoint) return undefined;
  const endpointHash = hashEndpoint(request.replaces);
  const { applicationId } = request;
  // locked, so that two that replace it at the same moment do not both take its verification over
  const lock = database.kind === 'mysql' ? 'FOR UPDATE' : '';
  const [found] = await sql.batch([subscriptionAt({ applicationId, endpointHash }, lock)]);
  const subscription = toSubscription(found);
  if (!subscription || !mayReplace(authBox, subscription, request)) return undefined;
  const [labels] = await sql.batch([tagsOf(subscription.id)]);
  const retire = {
    text: `UPDATE push_subscription SET retiredAt = ?, retiredReason = 'replaced', verifiedAt = NULL, unverifiedSince = ?
      WHERE id = ? AND retiredAt IS NULL`,
    values: [moment.at, moment.at + 1, subscription.id],
  };
  const row = { text: 'id = ?', values: [subscription.id] };
  sql.defer(retire, countJustRetiredRow(database.kind, moment, row));
  const tags = toTags(labels);
  // they move and are not copied: the one that is replaced could be registered again
  const moved = tags.filter((tag) => isProtected(tag, request.protectedTags ?? []));
  if (moved.length > 0) sql.defer(untagged(subscription.id, moved));
  const isSame = holdsAuth(authBox, subscription, request.replacesAuth);
  return { subscription, tags, isSame };
}
