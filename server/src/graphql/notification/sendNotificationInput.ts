import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { AudienceInput } from '../audience/audienceInput';
import { DirectionEnum, UrgencyEnum } from '../enums';
import { DateTime, JSONObject } from '../scalars';
import { NotificationType } from './notificationType';

@InputType('NotificationActionInput', { description: 'A button on a notification.' })
export class NotificationActionInput {
  @Field(() => String, { description: 'Names the action for the page; unique within the notification.' })
  action!: string;

  @Field(() => String, { description: 'What the button says.' })
  title!: string;

  @Field(() => String, { nullable: true, description: 'Where a click leads: an absolute http(s) URL.' })
  navigate?: string | null;

  @Field(() => String, { nullable: true, description: 'An absolute http(s) URL of an image.' })
  icon?: string | null;
}

@InputType('NotificationContentInput', {
  description: 'What people will see. With the receipt it must fit into 3,993 bytes of JSON.',
})
export class NotificationContentInput {
  @Field(() => String, { description: 'The first line; not empty.' })
  title!: string;

  @Field(() => String, { nullable: true, description: 'The text below the title.' })
  body?: string | null;

  @Field(() => String, { nullable: true, description: 'Where a click leads: an absolute http(s) URL.' })
  navigate?: string | null;

  @Field(() => String, { nullable: true, description: 'An absolute http(s) URL of a small image.' })
  icon?: string | null;

  @Field(() => String, { nullable: true, description: 'An absolute http(s) URL of a large image.' })
  image?: string | null;

  @Field(() => String, { nullable: true, description: 'An absolute http(s) URL of a monochrome image.' })
  badge?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A shown notification with the same tag is replaced. Default: one tag per notification.',
  })
  tag?: string | null;

  @Field(() => String, { nullable: true, description: 'The language of the texts, BCP 47.' })
  lang?: string | null;

  @Field(() => DirectionEnum, { nullable: true, description: 'The direction of the texts.' })
  dir?: DirectionEnum | null;

  @Field(() => Boolean, { nullable: true, description: 'No sound, no vibration.' })
  silent?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Stays until the person acts, where supported.' })
  requireInteraction?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Alerts again when it replaces; needs `tag`.' })
  renotify?: boolean | null;

  @Field(() => [Int], {
    nullable: true,
    description:
      'Milliseconds of vibration and pause in turn: at most 32, each 0 to 10,000. Not with `silent`.',
  })
  vibrate?: number[] | null;

  @Field(() => DateTime, { nullable: true, description: 'The moment the notification speaks of.' })
  timestamp?: number | null;

  @Field(() => Int, { nullable: true, description: 'The number on the application icon; 0 removes it.' })
  appBadge?: number | null;

  @Field(() => [NotificationActionInput], {
    nullable: true,
    description: 'Buttons, at most 10; browsers show two.',
  })
  actions?: NotificationActionInput[] | null;

  @Field(() => JSONObject, {
    nullable: true,
    description: 'Reaches the page as `notification.data`; the member `fanfare` is taken.',
  })
  data?: Record<string, unknown> | null;
}

@InputType('SendNotificationInput', { description: 'A notification to send.' })
export class SendNotificationInput {
  @Field(() => AudienceInput, { description: 'Who is to get it.' })
  audience!: AudienceInput;

  @Field(() => NotificationContentInput, { description: 'What they will see.' })
  content!: NotificationContentInput;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 86_400,
    description:
      'Seconds that push services may keep it for a browser that is away, 0 to 2,419,200 (RFC 8030 section 5.2).',
  })
  ttl?: number | null;

  @Field(() => UrgencyEnum, {
    nullable: true,
    defaultValue: UrgencyEnum.NORMAL,
    description: 'How much it matters next to the battery.',
  })
  urgency?: UrgencyEnum | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A newer notification with the same topic replaces an older one that is still on its way (RFC 8030 section 5.4). Hashed before it leaves.',
  })
  topic?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When to send, at most a year ahead. An instant in the past means now.',
  })
  sendAt?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Nothing is sent after this instant.' })
  expiresAt?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The same key with the same input gives the first answer again; with another input IDEMPOTENCY_CONFLICT. 1 to 255 characters, per API key.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('SendNotificationPayload', { description: 'A notification that is stored and will be sent.' })
export class SendNotificationPayload {
  @Field(() => NotificationType, { description: 'The stored notification.' })
  notification!: NotificationType;

  @Field(() => Boolean, { description: 'True when an earlier call with this idempotency key stored it.' })
  replayed!: boolean;
}
