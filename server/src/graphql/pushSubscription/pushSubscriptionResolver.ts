import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { registerPushSubscription } from '../../actions/pushSubscription/registerPushSubscription';
import { retirePushSubscription } from '../../actions/pushSubscription/retirePushSubscription';
import type { BrowserClaim, SubscribeRequest } from '../../actions/pushSubscription/subscribeRequest';
import { hashEndpoint } from '../../actions/pushSubscription/subscriptionRow';
import { welcomeBrowser } from '../../actions/pushSubscription/welcomeBrowser';
import { countAudience } from '../../audience/countAudience';
import { Refusal } from '../../model/refusal';
import { listPushSubscriptions } from '../../views/pushSubscription/pushSubscriptionRows';
import { requirePublishableOr, requireScope } from '../admission/authorise';
import { type Caller } from '../admission/caller';
import { isLiveEndpoint } from '../admission/newSubscriptions';
import { type ProvenUser, proveUser } from '../admission/userProof';
import { requirePublicHost } from '../application/publicHost';
import { AudienceInput } from '../audience/audienceInput';
import { maxTagLength, readAudience, readUserId } from '../audience/readAudience';
import { checkFailedOf } from '../checkFailedOf';
import { type RequestContext } from '../context';
import { checkName } from '../fields';
import { toConnection } from '../paging/connection';
import { afterArgument, firstArgument } from '../paging/pageArguments';
import { readPage } from '../paging/readPage';
import { shapePushSubscriptions } from './pushSubscriptionBatch';
import {
  needsScope,
  PushSubscriptionConnection,
  PushSubscriptionType,
  toPushSubscription,
} from './pushSubscriptionType';
import { readKnownEndpoint, readSubscribe } from './readSubscribe';
import { SubscribeInput, SubscribePayload, UnsubscribeInput, UnsubscribePayload } from './subscribeInput';

@Resolver(() => PushSubscriptionType)
export class PushSubscriptionResolver {
  @Query(() => PushSubscriptionConnection, {
    description: 'The browsers that can be reached, oldest first. Scope subscriptions:read.',
  })
  async pushSubscriptions(
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, firstArgument) first: number,
    @Arg('after', () => String, afterArgument) after: string | null,
    @Arg('userId', () => ID, { nullable: true, description: 'Only those of this user.' }) userId:
      | string
      | null,
    @Arg('tag', () => String, { nullable: true, description: 'Only those with this tag.' }) tag:
      | string
      | null,
  ): Promise<PushSubscriptionConnection> {
    const { applicationId } = await requireScope(context, 'subscriptions:read');
    const filter = {
      userId: userId == null ? undefined : readUserId(userId, ['userId']),
      tag: tag == null ? undefined : checkName(tag, ['tag'], maxTagLength),
    };
    const cursors = context.parts.cursors.of('pushSubscriptions', applicationId);
    const page = await listPushSubscriptions(
      context.parts.database,
      applicationId,
      readPage(cursors, first, after),
      filter,
    );
    const shape = shapePushSubscriptions(context.parts, () => page.rows.map((row) => row.id), true);
    return toConnection(page, shape, cursors, (row) => row.id);
  }

  @Query(() => Int, {
    description:
      'How many push subscriptions an audience has now, without sending. Scope subscriptions:read or notifications:send; tags together with named users or subscriptions need subscriptions:read.',
  })
  async audienceSize(
    @Ctx() context: RequestContext,
    @Arg('audience', () => AudienceInput, { description: 'The audience.' }) audience: AudienceInput,
  ): Promise<number> {
    const caller = await requireScope(context, 'subscriptions:read', 'notifications:send');
    const { database, ids } = context.parts;
    const wanted = readAudience(audience, ['audience'], ids);
    // whether a named browser has a tag is what `subscriptions:read` shows
    if (audience.tags && (audience.userIds || audience.subscriptionIds))
      await requireScope(context, 'subscriptions:read');
    await checkFailedOf(context, caller, wanted, ['audience']);
    return countAudience(database.sql, caller.applicationId, wanted, database.now());
  }

  @Mutation(() => SubscribePayload, {
    description:
      'Registers a browser, or refreshes what is known of it: one push subscription per endpoint. Publishable key or scope subscriptions:write.',
  })
  async subscribe(
    @Ctx() context: RequestContext,
    @Arg('input', () => SubscribeInput, { description: 'The browser.' }) input: SubscribeInput,
  ): Promise<SubscribePayload> {
    const caller = await requirePublishableOr(context, 'subscriptions:write');
    const { applicationId } = caller;
    const { ids, pushHosts } = context.parts;
    const fields = readSubscribe(input, pushHosts, caller.kind === 'SECRET' ? 'backEnd' : 'browser');
    const user = await proveUser(context, caller, fields.userId);
    if (caller.kind !== 'SECRET') await requirePublicHost(context.parts.hostNames, fields.endpoint);
    const browser = claimOf(context, caller, user);
    const request = {
      ...{ ...fields, userId: user.userId, applicationId, browser },
      protectedTags: caller.application.protectedTags ?? [],
      subscriptionsMost: caller.application.subscriptionsMost ?? context.parts.subscriptionsMost,
    };
    if (browser) await refuseNew(context, request);
    const registered = await registerPushSubscription(context.parts, request);
    const { subscription, tags, created } = registered;
    if (browser && registered.isNew) await context.parts.newSubscriptions.count(applicationId);
    const { verifySubscriptions, welcome } = caller.application;
    if (verifySubscriptions && welcome && subscription.verifiedAt === null) {
      const { apiKeyId } = caller;
      const unverified = { applicationId, apiKeyId, subscriptionId: subscription.id, welcome };
      await welcomeBrowser(context.parts.intake, unverified);
    }
    // it answers what this caller has just registered
    return { subscription: toPushSubscription(subscription, ids, async () => tags, true), created };
  }

  @Mutation(() => UnsubscribePayload, {
    description: 'Forgets a browser; idempotent. Publishable key or scope subscriptions:write.',
  })
  async unsubscribe(
    @Ctx() context: RequestContext,
    @Arg('input', () => UnsubscribeInput, { description: 'The browser.' }) input: UnsubscribeInput,
  ): Promise<UnsubscribePayload> {
    const { applicationId } = await requirePublishableOr(context, 'subscriptions:write');
    const endpoint = readKnownEndpoint(input.endpoint, ['input', 'endpoint']);
    return { unsubscribed: await retirePushSubscription(context.parts, applicationId, endpoint) };
  }

  @FieldResolver(() => [String], { description: `Its labels, in alphabetical order. ${needsScope}` })
  tags(@Root() subscription: PushSubscriptionType): Promise<string[]> {
    return withUser(subscription).readTags();
  }

  @FieldResolver()
  userId(@Root() subscription: PushSubscriptionType): string | null {
    return withUser(subscription).userId;
  }

  @FieldResolver()
  locale(@Root() subscription: PushSubscriptionType): string | null {
    return withUser(subscription).locale;
  }

  @FieldResolver()
  timeZone(@Root() subscription: PushSubscriptionType): string | null {
    return withUser(subscription).timeZone;
  }

  @FieldResolver()
  lastSeenAt(@Root() subscription: PushSubscriptionType): number {
    return withUser(subscription).lastSeenAt;
  }
}

/** @throws Refusal FORBIDDEN for a caller who may know of the browser, but not of its user */
function withUser(subscription: PushSubscriptionType): PushSubscriptionType {
  if (subscription.showsUser) return subscription;
  throw new Refusal('FORBIDDEN', 'This field needs the scope subscriptions:read.');
}

async function refuseNew({ parts }: RequestContext, request: SubscribeRequest): Promise<void> {
  const { applicationId, endpoint } = request;
  await parts.newSubscriptions.refuseSpent(applicationId, () =>
    isLiveEndpoint(parts.database, applicationId, hashEndpoint(endpoint)),
  );
}

function claimOf(context: RequestContext, caller: Caller, user: ProvenUser): BrowserClaim | undefined {
  if (caller.kind === 'SECRET') return undefined;
  return {
    isUserProven: user.isProven,
    claimedTags: user.tags,
    mustProveUsers: caller.application.requireUserProof,
    subscriptionsPerUser: caller.application.subscriptionsPerUser ?? context.parts.subscriptionsPerUser,
  };
}
