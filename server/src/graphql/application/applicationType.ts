import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Application } from '../../database/entities/application';
import type { PublicIds } from '../../model/ids/publicIds';
import type { NotificationContent } from '../../model/notificationContent';
import { NodeType } from '../node/nodeType';
import { NotificationContentInput } from '../notification/sendNotificationInput';
import { DateTime, JSONObject } from '../scalars';

const originsText =
  'Origins of web pages that may use its publishable keys, for example `https://shop.example`';

const protectedText =
  'Tags that pages cannot set for themselves, exact or as a prefix that ends in `*`, for example `staff:*`: only secret keys, and pages whose user token lists them in its `tags` claim';

@ObjectType('Application', {
  implements: NodeType,
  description: 'A tenant: own keys, push subscriptions and notifications, which no other application sees.',
})
export class ApplicationType implements NodeType {
  @Field(() => ID, { description: 'Names the application.' })
  id!: string;

  @Field(() => String, { description: 'What its owner calls it.' })
  name!: string;

  @Field(() => Boolean, { description: 'Whether a browser that names a user must bring a proof of it.' })
  requireUserProof!: boolean;

  @Field(() => Boolean, { description: 'Whether there is a key to check a proof with.' })
  canProveUsers!: boolean;

  @Field(() => [String], { nullable: true, description: `${originsText}; null: any.` })
  allowedOrigins!: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Requests a minute for each of its keys; null: the limit of the installation.',
  })
  requestsPerMinute!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Browsers that one user may register; null: the limit of the installation.',
  })
  subscriptionsPerUser!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Browsers that it may have at once; null: the limit of the installation.',
  })
  subscriptionsMost!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Browsers that it may have at once, by its own limit or else that of the installation; null: any number.',
  })
  subscriptionLimit!: number | null;

  /** Counted for all applications of a list at once, when the field is asked for. */
  countLive!: () => Promise<number>;

  /** Likewise. */
  readRefusedUntil!: () => Promise<number | null>;

  @Field(() => Int, {
    nullable: true,
    description:
      'Broadcasts (`everyone`, `tags`) leave out browsers that have not registered for so many days; null: none is left out.',
  })
  staleAfterDays!: number | null;

  @Field(() => [String], { nullable: true, description: `${protectedText}; null: none.` })
  protectedTags!: string[] | null;

  @Field(() => Boolean, {
    description:
      'Whether broadcasts pass over browsers that have not yet shown a notification meant for them.',
  })
  verifySubscriptions!: boolean;

  @Field(() => JSONObject, {
    nullable: true,
    description: 'What an unverified browser is sent when it subscribes; null: nothing.',
  })
  welcome!: NotificationContent | null;

  @Field(() => Boolean, { description: 'Whether content is forgotten once a notification is completed.' })
  redactContent!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when it is stopped; null: it is not.',
  })
  stoppedAt!: number | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: number;
}

@InputType('ApplicationSettingsInput', {
  description:
    'Settings of an application: what is absent stays, null takes away; true or false cannot be null.',
})
export class ApplicationSettingsInput {
  @Field(() => [String], { nullable: true, description: `${originsText}; at most 50. Null: any.` })
  allowedOrigins?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'Requests a minute for each key: 1 to 10000000.' })
  requestsPerMinute?: number | null;

  @Field(() => Int, { nullable: true, description: 'Browsers that one user may register: 1 to 100000.' })
  subscriptionsPerUser?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Browsers that it may have at once: 1 to 1000000000. More are refused with RATE_LIMITED, from secret keys too.',
  })
  subscriptionsMost?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Broadcasts (`everyone`, `tags`) leave out browsers that have not registered for so many days: 1 to 3650.',
  })
  staleAfterDays?: number | null;

  @Field(() => [String], {
    nullable: true,
    description: `${protectedText}. At most 50, each 1 to 64 characters.`,
  })
  protectedTags?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Broadcasts (`everyone`, `tags`) pass over a browser until it has shown a notification sent to it: its `welcome`, or one by `userIds` or `subscriptionIds`. Needs a `welcome`.',
  })
  verifySubscriptions?: boolean | null;

  @Field(() => NotificationContentInput, {
    nullable: true,
    description:
      'What a browser is sent when it subscribes and is not verified, at most once a day; its receipt verifies it.',
  })
  welcome?: NotificationContentInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Forget the content of a notification once it is completed.',
  })
  redactContent?: boolean | null;
}

@InputType('CreateApplicationInput', { description: 'An application to make.' })
export class CreateApplicationInput {
  @Field(() => String, { description: 'What to call it: 1 to 100 characters, no other like it.' })
  name!: string;

  @Field(() => ApplicationSettingsInput, { nullable: true, description: 'Its settings.' })
  settings?: ApplicationSettingsInput | null;
}

@ObjectType('CreateApplicationPayload', { description: 'A fresh application.' })
export class CreateApplicationPayload {
  @Field(() => ApplicationType, { description: 'The application.' })
  application!: ApplicationType;

  @Field(() => String, { description: 'A publishable key of its own, for its web pages.' })
  publishableKey!: string;

  @Field(() => String, {
    description: 'A key of its own with the scope admin. It is stored nowhere: keep it now.',
  })
  adminKey!: string;
}

/** What an application has of the push subscriptions that it may have. */
export type SubscriptionUse = Pick<ApplicationType, 'subscriptionLimit' | 'countLive' | 'readRefusedUntil'>;

export function toApplication(row: Application, ids: PublicIds, use: SubscriptionUse): ApplicationType {
  return Object.assign(new ApplicationType(), {
    ...use,
    id: ids.encode('application', row.id),
    name: row.name,
    requireUserProof: row.requireUserProof,
    canProveUsers: row.userProofSecret !== null || row.userProofPublicKey !== null,
    allowedOrigins: row.allowedOrigins,
    requestsPerMinute: row.requestsPerMinute,
    subscriptionsPerUser: row.subscriptionsPerUser,
    subscriptionsMost: row.subscriptionsMost,
    staleAfterDays: row.staleAfterDays,
    protectedTags: row.protectedTags,
    verifySubscriptions: row.verifySubscriptions,
    welcome: row.welcome,
    redactContent: row.redactContent,
    stoppedAt: row.stoppedAt,
    createdAt: row.createdAt,
  });
}
