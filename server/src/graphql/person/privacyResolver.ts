import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { deletePerson } from '../../actions/person/deletePerson';
import { exportPerson } from '../../views/person/exportPerson';
import { requireScope } from '../admission/authorise';
import { readUserId } from '../audience/readAudience';
import { type RequestContext } from '../context';
import { JSONObject } from '../scalars';

@Resolver()
export class PrivacyResolver {
  @Query(() => JSONObject, {
    description:
      'Everything kept about one user: push subscriptions (without endpoint and keys), and newest first up to 10,000 deliveries with their content and as many notifications that name the user. Scope admin.',
  })
  async exportPerson(
    @Ctx() context: RequestContext,
    @Arg('userId', () => ID, { description: 'The user.' }) userId: string,
  ): Promise<Record<string, unknown>> {
    const { applicationId } = await requireScope(context, 'admin');
    return exportPerson(context.parts, applicationId, readUserId(userId, ['userId']));
  }

  @Mutation(() => Int, {
    description:
      'Forgets one user: deletes every push subscription, forgets the content, topic and idempotency key of notifications that named only this user, and removes the user id from all others. Answers the number of push subscriptions; idempotent. Scope admin.',
  })
  async deletePerson(
    @Ctx() context: RequestContext,
    @Arg('userId', () => ID, { description: 'The user.' }) userId: string,
  ): Promise<number> {
    const { applicationId } = await requireScope(context, 'admin');
    return deletePerson(context.parts, applicationId, readUserId(userId, ['userId']));
  }
}
