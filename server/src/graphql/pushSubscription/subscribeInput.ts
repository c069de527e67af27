import { Field, Float, ID, InputType, ObjectType } from 'type-graphql';
import { PushSubscriptionType } from './pushSubscriptionType';

@InputType('PushSubscriptionKeysInput', {
  description: "The user agent's keys (RFC 8291 section 2), base64url.",
})
export class PushSubscriptionKeysInput {
  @Field(() => String, { description: 'Public key: an uncompressed point on P-256, 65 bytes.' })
  p256dh!: string;

  @Field(() => String, { description: 'Authentication secret, 16 bytes.' })
  auth!: string;
}

@InputType('PushSubscriptionInput', { description: '`PushSubscription.toJSON()`, as it is.' })
export class PushSubscriptionInput {
  @Field(() => String, { description: 'The push endpoint. Its host must be allowed.' })
  endpoint!: string;

  @Field(() => Float, { nullable: true, description: 'Milliseconds since 1970.' })
  expirationTime?: number | null;

  @Field(() => PushSubscriptionKeysInput, { description: "The user agent's keys." })
  keys!: PushSubscriptionKeysInput;
}

@InputType('SubscribeInput', { description: 'A browser to register, or to refresh.' })
export class SubscribeInput {
  @Field(() => PushSubscriptionInput, { description: 'What the browser gave.' })
  subscription!: PushSubscriptionInput;

  @Field(() => ID, {
    nullable: true,
    description:
      'The user it belongs to, 1 to 255 characters. With a publishable key this may need proof: the `X-Fanfare-User` header.',
  })
  userId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True at a logout: the browser stays registered, with its tags, but belongs to no user from now on. Needs no proof of the user; excludes `userId`.',
  })
  detachUser?: boolean | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Replaces all its tags; absent leaves them. At most 50, each 1 to 64 characters. With a publishable key they are not verified: any visitor can claim any tag, except those that the application protects (`protectedTags`), which a page can neither set nor remove.',
  })
  tags?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'BCP 47, for example `navigator.language`. With a publishable key, a value that cannot be read is ignored.',
  })
  locale?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'IANA time zone, for example `Europe/Berlin`. With a publishable key, a value that cannot be read is ignored.',
  })
  timeZone?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The `applicationServerKey` the browser subscribed with, base64url; absent: the one `vapidPublicKey` gives.',
  })
  applicationServerKey?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The endpoint that this one takes the place of: user and tags move over.',
  })
  replaces?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The `auth` secret of that one, base64url: moves its user over where users must be proved and no token is at hand.',
  })
  replacesAuth?: string | null;
}

@InputType('UnsubscribeInput', { description: 'A browser to forget.' })
export class UnsubscribeInput {
  @Field(() => String, { description: 'Its push endpoint.' })
  endpoint!: string;
}

@ObjectType('SubscribePayload', { description: 'A registered browser.' })
export class SubscribePayload {
  @Field(() => PushSubscriptionType, { description: 'The push subscription.' })
  subscription!: PushSubscriptionType;

  @Field(() => Boolean, { description: 'False when the endpoint was known already.' })
  created!: boolean;
}

@ObjectType('UnsubscribePayload', { description: 'The end of a push subscription.' })
export class UnsubscribePayload {
  @Field(() => Boolean, { description: 'False when nobody knew the endpoint.' })
  unsubscribed!: boolean;
}
