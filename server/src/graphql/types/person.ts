import { Field, ID, ObjectType } from 'type-graphql';
import { DeliveryType } from './delivery';
import { NotificationType } from './notification';
import { PushSubscriptionType } from './pushSubscription';

@ObjectType('PersonDelivery', { description: "One delivery to a browser of a person's." })
export class PersonDeliveryType {
  @Field(() => NotificationType, { description: 'What was sent.' })
  notification!: NotificationType;

  @Field(() => DeliveryType, { description: 'What became of it there.' })
  delivery!: DeliveryType;

  @Field(() => String, { description: 'Its place in the history: give it as `after` to go on behind it.' })
  cursor!: string;
}

@ObjectType('Person', { description: 'A user, by its browsers.' })
export class PersonType {
  @Field(() => ID, { description: 'The user, in the words of the application.' })
  userId!: string;

  @Field(() => [PushSubscriptionType], {
    description: 'Every browser, retired ones too, last seen first; at most 200.',
  })
  devices!: PushSubscriptionType[];
}
