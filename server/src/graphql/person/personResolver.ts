import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { retireSubscriptionById } from '../../actions/pushSubscription/retirePushSubscription';
import { listDevices } from '../../views/person/findPerson';
import { requireScope } from '../admission/authorise';
import { readUserId } from '../audience/readAudience';
import { type RequestContext } from '../context';
import { afterArgument, firstArgument } from '../paging/pageArguments';
import { readHistoryPage } from '../paging/readPage';
import { shapePushSubscriptions } from '../pushSubscription/pushSubscriptionBatch';
import { Unchanged } from '../unchanged';
import { personDeliveries } from './personDeliveries';
import { PersonDeliveryConnection, PersonDeliveryType, PersonType } from './personType';

const historyText =
  'What was sent to a user, newest first: on each browser, from when it began to belong to the user. A key without the scope admin sees only what it sent.';

@Resolver()
export class PersonResolver {
  @Query(() => PersonType, {
    nullable: true,
    description: 'A user with every browser; null when none was ever registered. Scope subscriptions:read.',
  })
  async person(
    @Ctx() context: RequestContext,
    @Arg('userId', () => ID, { description: 'The user.' }) userId: string,
  ): Promise<PersonType | null> {
    const { applicationId } = await requireScope(context, 'subscriptions:read');
    const rows = await listDevices(context.parts.database, applicationId, readUserId(userId, ['userId']));
    if (rows.length === 0) return null;
    const deviceIds = rows.map((row) => row.id);
    const devices = rows.map(shapePushSubscriptions(context.parts, () => deviceIds, true));
    return Object.assign(new PersonType(), { userId, devices });
  }

  @Query(() => PersonDeliveryConnection, {
    description: `${historyText} Scope notifications:read.`,
  })
  async personDeliveries(
    @Ctx() context: RequestContext,
    @Arg('userId', () => ID, { description: 'The user.' }) userId: string,
    @Arg('first', () => Int, firstArgument) first: number,
    @Arg('after', () => String, afterArgument) after: string | null,
  ): Promise<PersonDeliveryConnection> {
    return readHistory(context, 'personDeliveries', { userId, first, after });
  }

  @Query(() => [PersonDeliveryType], {
    description: `${historyText} Scope notifications:read.`,
    deprecationReason: 'Use `personDeliveries`, which is a connection.',
  })
  async deliveryHistory(
    @Ctx() context: RequestContext,
    @Arg('userId', () => ID, { description: 'The user.' }) userId: string,
    @Arg('first', () => Int, firstArgument) first: number,
    @Arg('after', () => String, afterArgument) after: string | null,
  ): Promise<PersonDeliveryType[]> {
    const { edges } = await readHistory(context, 'deliveryHistory', { userId, first, after });
    return edges.map(({ cursor, node, notification }) => ({ cursor, delivery: node, notification }));
  }

  @Mutation(() => Boolean, {
    description:
      'Ends a push subscription; its browser can subscribe anew. False when it had ended, or was never there. Scope subscriptions:write.',
  })
  async retirePushSubscription(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The push subscription.' }) id: string,
  ): Promise<boolean | Unchanged<boolean>> {
    const { applicationId } = await requireScope(context, 'subscriptions:write');
    const subscriptionId = context.parts.ids.decodeOne('subscription', id) ?? 0;
    const retired = await retireSubscriptionById(context.parts, applicationId, subscriptionId);
    return retired || new Unchanged(false);
  }
}

async function readHistory(
  context: RequestContext,
  list: 'personDeliveries' | 'deliveryHistory',
  { userId, first, after }: { userId: string; first: number; after: string | null },
): Promise<PersonDeliveryConnection> {
  const caller = await requireScope(context, 'notifications:read');
  const cursors = context.parts.cursors.of(list, caller.applicationId, userId);
  const page = readHistoryPage(cursors, first, after);
  return personDeliveries(context, caller, { userId: readUserId(userId, ['userId']), cursors, page });
}
