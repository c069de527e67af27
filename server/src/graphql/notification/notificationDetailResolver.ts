import { Arg, Ctx, Field, FieldResolver, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { payloadSize } from '../../actions/notification/payloadSize';
import { maxPayloadBytes } from '../../model/pushPayload';
import { type NotificationDetails } from '../../views/notification/notificationDetails';
import { requireScope } from '../admission/authorise';
import { toAudience } from '../audience/toAudience';
import { type RequestContext } from '../context';
import { UrgencyEnum } from '../enums';
import { LaneEnum } from '../health/healthTypes';
import { JSONObject } from '../scalars';
import { detailsOf } from './notificationDetailBatch';
import { NotificationType } from './notificationType';
import { readContent } from './readContent';
import { NotificationContentInput } from './sendNotificationInput';

@ObjectType('PayloadSize', { description: 'The size of what push services would be given.' })
class PayloadSizeType {
  @Field(() => Int, { description: 'Bytes of JSON, receipt included, before encryption.' })
  bytes!: number;

  @Field(() => Int, { description: 'How many push services take.' })
  limit!: number;
}

@Resolver(() => NotificationType)
export class NotificationDetailResolver {
  @Query(() => PayloadSizeType, {
    description: 'How large a content would be, without sending it. Scope notifications:send.',
  })
  async payloadSize(
    @Ctx() context: RequestContext,
    @Arg('content', () => NotificationContentInput, { description: 'What people would see.' })
    content: NotificationContentInput,
  ): Promise<PayloadSizeType> {
    await requireScope(context, 'notifications:send');
    const bytes = payloadSize(context.parts.intake, readContent(content, ['content']));
    return { bytes, limit: maxPayloadBytes };
  }

  @FieldResolver(() => JSONObject, {
    nullable: true,
    description:
      'What people see, as `NotificationContentInput` has it (`timestamp` in milliseconds); null once forgotten.',
  })
  async content(@Root() root: NotificationType, @Ctx() context: RequestContext): Promise<object | null> {
    return (await details(root, context))?.content ?? null;
  }

  @FieldResolver(() => JSONObject, { description: 'Whom it is for, as `AudienceInput` has it.' })
  async audience(@Root() root: NotificationType, @Ctx() context: RequestContext): Promise<object> {
    const found = await details(root, context);
    return found ? toAudience(found.audience, context.parts.ids) : {};
  }

  @FieldResolver(() => LaneEnum, { nullable: true, description: 'The queue it travels in.' })
  async lane(@Root() root: NotificationType, @Ctx() context: RequestContext): Promise<LaneEnum | null> {
    const lane = (await details(root, context))?.lane;
    if (lane === undefined) return null;
    return lane === 'bulk' ? LaneEnum.BULK : LaneEnum.TRANSACTIONAL;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Seconds that push services may keep it for a browser that is away.',
  })
  async ttl(@Root() root: NotificationType, @Ctx() context: RequestContext): Promise<number | null> {
    return (await details(root, context))?.ttlSeconds ?? null;
  }

  @FieldResolver(() => UrgencyEnum, {
    nullable: true,
    description: 'How much it matters next to the battery.',
  })
  async urgency(@Root() root: NotificationType, @Ctx() context: RequestContext): Promise<string | null> {
    return (await details(root, context))?.urgency ?? null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Its topic, if it has one.' })
  async topic(@Root() root: NotificationType, @Ctx() context: RequestContext): Promise<string | null> {
    return (await details(root, context))?.topic ?? null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'What the key is called that sent it.' })
  async sentBy(@Root() root: NotificationType, @Ctx() context: RequestContext): Promise<string | null> {
    return (await details(root, context))?.apiKeyName ?? null;
  }
}

function details(root: NotificationType, context: RequestContext): Promise<NotificationDetails | undefined> {
  return detailsOf(context, root.row.id);
}
