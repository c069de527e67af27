import { Field, ID, Int, ObjectType } from 'type-graphql';
import { deliveryStatusOf } from '../../model/deliveryStatus';
import type { PublicIds } from '../../model/ids/publicIds';
import type { DeliveryRow } from '../../views/delivery/listDeliveries';
import { DeliveryStatusEnum } from '../enums';
import { NodeType } from '../node/nodeType';
import type { Edge } from '../paging/connection';
import { PageInfoType } from '../paging/connection';
import type { PushSubscriptionType } from '../pushSubscription/pushSubscriptionType';
import { DateTime } from '../scalars';

@ObjectType('Delivery', { implements: NodeType, description: 'One notification for one push subscription.' })
export class DeliveryType implements NodeType {
  @Field(() => ID, { description: 'Names this delivery.' })
  id!: string;

  @Field(() => DeliveryStatusEnum, { description: 'Where it stands.' })
  status!: DeliveryStatusEnum;

  @Field(() => Int, { description: 'POSTs to the push service so far.' })
  attempts!: number;

  @Field(() => Int, { nullable: true, description: "The push service's last HTTP status." })
  httpStatus!: number | null;

  @Field(() => String, { nullable: true, description: 'Why it stands there; docs/outcomes.md lists them.' })
  reason!: string | null;

  @Field(() => String, {
    description: '`fcm`, `mozilla`, `apple`, `wns`, or the host of another push service.',
  })
  pushService!: string;

  /** Read for a whole page at once, when somebody asks. */
  readSubscription!: () => Promise<PushSubscriptionType | null>;

  @Field(() => DateTime, { nullable: true, description: 'When it is tried next; only while PENDING.' })
  nextAttemptAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When the push service took it.' })
  acceptedAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When the service worker said that it was shown.' })
  displayedAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was clicked.' })
  clickedAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was closed.' })
  dismissedAt!: number | null;
}

@ObjectType('DeliveryEdge', { description: 'A delivery and its place in the list.' })
export class DeliveryEdge implements Edge<DeliveryType> {
  @Field(() => String, { description: 'The place: opaque.' })
  cursor!: string;

  @Field(() => DeliveryType, { description: 'The delivery.' })
  node!: DeliveryType;
}

@ObjectType('DeliveryConnection', { description: 'A page of deliveries.' })
export class DeliveryConnection {
  @Field(() => [DeliveryEdge], { description: 'The page.' })
  edges!: DeliveryEdge[];

  @Field(() => PageInfoType, { description: 'How to go on.' })
  pageInfo!: PageInfoType;

  @Field(() => Int, {
    nullable: true,
    description: 'All deliveries of this status over all pages; null when filtered by anything else.',
  })
  totalCount!: number | null;
}

/** @param readSubscription gives the push subscription of this row; called only when the field is asked for */
export function toDelivery(
  row: DeliveryRow,
  ids: PublicIds,
  readSubscription: () => Promise<PushSubscriptionType | null>,
): DeliveryType {
  const status = deliveryStatusOf(row.status);
  const { attempts, httpStatus, reason, pushService, acceptedAt, displayedAt, clickedAt, dismissedAt } = row;
  return Object.assign(new DeliveryType(), {
    id: ids.encode('delivery', row.notificationId, row.subscriptionId),
    status: DeliveryStatusEnum[status],
    attempts,
    httpStatus,
    reason,
    pushService,
    nextAttemptAt: status === 'PENDING' ? row.dueAt : null,
    acceptedAt,
    displayedAt,
    clickedAt,
    dismissedAt,
    readSubscription,
  });
}
