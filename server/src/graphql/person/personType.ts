import { Field, ID, ObjectType } from 'type-graphql';
import { DeliveryType } from '../delivery/deliveryType';
import { NotificationType } from '../notification/notificationType';
import { type Edge, PageInfoType } from '../paging/connection';
import { PushSubscriptionType } from '../pushSubscription/pushSubscriptionType';

@ObjectType('PersonDelivery', { description: "One delivery to a browser of a person's." })
export class PersonDeliveryType {
  @Field(() => NotificationType, { description: 'What was sent.' })
  notification!: NotificationType;

  @Field(() => DeliveryType, { description: 'What became of it there.' })
  delivery!: DeliveryType;

  @Field(() => String, { description: 'Its place in the history: give it as `after` to go on behind it.' })
  cursor!: string;
}

@ObjectType('PersonDeliveryEdge', { description: 'A delivery and its place in the history of a person.' })
export class PersonDeliveryEdge implements Edge<DeliveryType> {
  @Field(() => String, { description: 'Its cursor: pass it as `after`.' })
  cursor!: string;

  @Field(() => DeliveryType, { description: 'The delivery.' })
  node!: DeliveryType;

  @Field(() => NotificationType, { description: 'What was sent.' })
  notification!: NotificationType;
}

@ObjectType('PersonDeliveryConnection', { description: 'A page of deliveries to a person, newest first.' })
export class PersonDeliveryConnection {
  @Field(() => [PersonDeliveryEdge], { description: 'The deliveries of this page.' })
  edges!: PersonDeliveryEdge[];

  @Field(() => PageInfoType, { description: 'Whether the list continues.' })
  pageInfo!: PageInfoType;
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
