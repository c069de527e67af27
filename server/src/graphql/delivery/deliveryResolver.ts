import { FieldResolver, Resolver, Root } from 'type-graphql';
import { PushSubscriptionType } from '../pushSubscription/pushSubscriptionType';
import { DeliveryType } from './deliveryType';

@Resolver(() => DeliveryType)
export class DeliveryResolver {
  @FieldResolver(() => PushSubscriptionType, {
    nullable: true,
    description:
      'The push subscription it was for; null once that is deleted. Without user and tags if its user has changed since.',
  })
  subscription(@Root() delivery: DeliveryType): Promise<PushSubscriptionType | null> {
    return delivery.readSubscription();
  }
}
