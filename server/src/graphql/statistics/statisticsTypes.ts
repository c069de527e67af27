import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { DeliveryPoint, OutcomeRow } from '../../views/statistics/deliveryStatistics';
import { DeliveryStatusEnum } from '../enums';
import { DateTime } from '../scalars';

export enum TimeBucketEnum {
  HOUR = 'HOUR',
  DAY = 'DAY',
}

registerEnumType(TimeBucketEnum, {
  name: 'TimeBucket',
  description: 'How long a point of a time series is.',
  valuesConfig: {
    HOUR: { description: 'One hour.' },
    DAY: { description: 'One day, in UTC.' },
  },
});

@ObjectType('PushServiceSubscriptions', { description: 'The live push subscriptions at one push service.' })
export class PushServiceSubscriptionsType {
  @Field(() => String, { description: 'The push service.' })
  pushService!: string;

  @Field(() => Int, { description: 'How many can be reached now.' })
  live!: number;
}

@ObjectType('SubscriptionDay', { description: 'One day (UTC) of push subscriptions.' })
export class SubscriptionDayType {
  @Field(() => DateTime, { description: 'When the day begins.' })
  at!: number;

  @Field(() => Int, { description: 'Registered: for the first time, or again after they had ended.' })
  created!: number;

  @Field(() => Int, { description: 'Ended.' })
  retired!: number;

  @Field(() => Int, { description: 'Live at the end of the day; of today: now.' })
  live!: number;
}

@ObjectType('SubscriptionStatistics', { description: 'Counts of push subscriptions.' })
export class SubscriptionStatisticsType {
  @Field(() => DateTime, { description: 'When they were read: the counts are as of then.' })
  countedAt!: number;

  @Field(() => Int, { description: 'How many can be reached now.' })
  live!: number;

  @Field(() => [PushServiceSubscriptionsType], { description: 'The same by push service, largest first.' })
  byPushService!: readonly PushServiceSubscriptionsType[];

  @Field(() => [SubscriptionDayType], { description: 'Day by day, oldest first.' })
  days!: readonly SubscriptionDayType[];
}

@ObjectType('DeliveryPoint', { description: 'What happened in one hour or day.' })
export class DeliveryPointType {
  @Field(() => DateTime, { description: 'When it begins.' })
  at!: number;

  @Field(() => Int, { description: 'Notifications made.' })
  notifications!: number;

  @Field(() => Float, { description: 'Deliveries taken by a push service.' })
  accepted!: number;

  @Field(() => Float, { description: 'Deliveries whose push subscription was no more.' })
  gone!: number;

  @Field(() => Float, { description: 'Deliveries refused for good.' })
  rejected!: number;

  @Field(() => Float, { description: 'Deliveries whose time ran out.' })
  expired!: number;

  @Field(() => Float, { description: 'Deliveries whose every retry failed.' })
  exhausted!: number;

  @Field(() => Float, { description: 'Deliveries cancelled before they were sent.' })
  cancelled!: number;
}

@ObjectType('Outcome', { description: 'Deliveries that ended alike at one push service.' })
export class OutcomeType {
  @Field(() => String, { description: 'The push service.' })
  pushService!: string;

  @Field(() => DeliveryStatusEnum, { description: 'How they ended.' })
  status!: DeliveryStatusEnum;

  @Field(() => String, { description: 'Why; docs/outcomes.md lists the reasons.' })
  reason!: string;

  @Field(() => Float, { description: 'How many.' })
  deliveries!: number;
}

@ObjectType('DeliveryStatistics', { description: 'What was sent in a period, and what became of it.' })
export class DeliveryStatisticsType {
  @Field(() => [DeliveryPointType], { description: 'Oldest first, without gaps.' })
  points!: DeliveryPointType[];

  @Field(() => [OutcomeType], { description: 'The whole period by push service and reason, largest first.' })
  outcomes!: OutcomeType[];
}

export function toDeliveryPoint({ at, notifications, settled }: DeliveryPoint): DeliveryPointType {
  return Object.assign(new DeliveryPointType(), {
    at,
    notifications,
    accepted: settled.ACCEPTED ?? 0,
    gone: settled.GONE ?? 0,
    rejected: settled.REJECTED ?? 0,
    expired: settled.EXPIRED ?? 0,
    exhausted: settled.EXHAUSTED ?? 0,
    cancelled: settled.CANCELLED ?? 0,
  });
}

export function toOutcome({ status, ...row }: OutcomeRow): OutcomeType {
  return Object.assign(new OutcomeType(), { ...row, status: DeliveryStatusEnum[status] });
}
