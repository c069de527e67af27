import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { dayMs, hourMs } from '../../model/timeSpans';
import { notificationOutcomes } from '../../views/notification/notificationOutcomes';
import { deliveryOutcomes, deliveryPoints } from '../../views/statistics/deliveryStatistics';
import { subscriptionStatistics } from '../../views/statistics/subscriptionStatistics';
import { notificationView, requireScope } from '../admission/authorise';
import { type RequestContext } from '../context';
import { checkInteger } from '../fields';
import { NotificationType } from '../notification/notificationType';
import {
  DeliveryStatisticsType,
  OutcomeType,
  SubscriptionStatisticsType,
  TimeBucketEnum,
  toDeliveryPoint,
  toOutcome,
} from './statisticsTypes';

const maxDays = 366;
const maxHours = 24 * 14;

@Resolver(() => NotificationType)
export class StatisticsResolver {
  @Query(() => SubscriptionStatisticsType, {
    description: 'How many browsers can be reached, and how that came about. Scope subscriptions:read.',
  })
  async subscriptionStatistics(
    @Ctx() context: RequestContext,
    @Arg('days', () => Int, { defaultValue: 14, description: 'How far back, 1 to 366 days.' }) days: number,
  ): Promise<SubscriptionStatisticsType> {
    const { applicationId } = await requireScope(context, 'subscriptions:read');
    checkInteger(days, ['days'], 1, maxDays);
    return subscriptionStatistics(context.parts.database, applicationId, days);
  }

  @Query(() => DeliveryStatisticsType, {
    description:
      'What was sent lately, and what became of it. A key without the scope admin sees what it sent. Scope notifications:read.',
  })
  async deliveryStatistics(
    @Ctx() context: RequestContext,
    @Arg('points', () => Int, {
      defaultValue: 24,
      description: 'How many hours (at most 336) or days (at most 366), the current one included.',
    })
    points: number,
    @Arg('bucket', () => TimeBucketEnum, {
      defaultValue: TimeBucketEnum.HOUR,
      description: 'How long a point is.',
    })
    bucket: TimeBucketEnum,
  ): Promise<DeliveryStatisticsType> {
    const view = notificationView(await requireScope(context, 'notifications:read'));
    const daily = bucket === TimeBucketEnum.DAY;
    checkInteger(points, ['points'], 1, daily ? maxDays : maxHours);
    const bucketMs = daily ? dayMs : hourMs;
    const until = context.parts.database.now() + 1;
    const period = { since: until - (points - 1) * bucketMs, until, bucketMs };
    const { database } = context.parts;
    const [series, outcomes] = await Promise.all([
      deliveryPoints(database, view, period),
      deliveryOutcomes(database, view, period),
    ]);
    return { points: series.map(toDeliveryPoint), outcomes: outcomes.map(toOutcome) };
  }

  @FieldResolver(() => [OutcomeType], {
    description: 'Settled deliveries by push service and reason, largest first.',
  })
  async outcomes(
    @Root() notification: NotificationType,
    @Ctx() context: RequestContext,
  ): Promise<OutcomeType[]> {
    return (await notificationOutcomes(context.parts.database, notification.row)).map(toOutcome);
  }
}
