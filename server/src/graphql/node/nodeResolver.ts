import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import { readNode } from './nodes';
import { NodeType } from './nodeType';

@Resolver()
export class NodeResolver {
  @Query(() => NodeType, {
    nullable: true,
    description:
      'Any object by its id; null when there is none that this key may see. The scope is that of its type: notifications:read for Notification and Delivery, subscriptions:read for PushSubscription, else admin.',
  })
  node(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The id.' }) id: string,
  ): Promise<NodeType | null> {
    return readNode(context, id);
  }
}
