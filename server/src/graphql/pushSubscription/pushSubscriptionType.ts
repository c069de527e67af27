import { Field, ID, ObjectType } from 'type-graphql';
import type { PublicIds } from '../../model/ids/publicIds';
import type { PushSubscriptionRow } from '../../views/pushSubscription/pushSubscriptionRows';
import { NodeType } from '../node/nodeType';
import type { Edge } from '../paging/connection';
import { PageInfoType } from '../paging/connection';
import { DateTime } from '../scalars';

/** Fields about a person: `subscribe` answers them too, for the browser that was registered. */
export const needsScope = 'Scope subscriptions:read.';

@ObjectType('PushSubscription', {
  implements: NodeType,
  description: 'One browser that can be reached. Its endpoint and keys are never shown.',
})
export class PushSubscriptionType implements NodeType {
  @Field(() => ID, { description: 'Names it in audiences.' })
  id!: string;

  @Field(() => ID, {
    nullable: true,
    description: `The user it belongs to, by the application’s own user id. ${needsScope}`,
  })
  userId!: string | null;

  /** Read for a whole page at once, when somebody asks. */
  readTags!: () => Promise<string[]>;

  /** Whether the caller may read what this tells about its user. */
  showsUser!: boolean;

  @Field(() => String, {
    description: '`fcm`, `mozilla`, `apple`, `wns`, or the host of another push service.',
  })
  pushService!: string;

  @Field(() => String, { nullable: true, description: `BCP 47, as the browser reported it. ${needsScope}` })
  locale!: string | null;

  @Field(() => String, {
    nullable: true,
    description: `IANA time zone, as the browser reported it. ${needsScope}`,
  })
  timeZone!: string | null;

  @Field(() => DateTime, { description: 'When it was first registered.' })
  createdAt!: number;

  @Field(() => DateTime, { description: `When its browser last registered it. ${needsScope}` })
  lastSeenAt!: number;

  @Field(() => DateTime, { nullable: true, description: 'Since when it cannot be reached any more.' })
  retiredAt!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why not: `gone`, `unsubscribed`, `replaced`, `retired` or `vapid-key-retired`.',
  })
  retiredReason!: string | null;
}

@ObjectType('PushSubscriptionEdge', { description: 'A push subscription and its place in the list.' })
export class PushSubscriptionEdge implements Edge<PushSubscriptionType> {
  @Field(() => String, { description: 'The place: opaque.' })
  cursor!: string;

  @Field(() => PushSubscriptionType, { description: 'The push subscription.' })
  node!: PushSubscriptionType;
}

@ObjectType('PushSubscriptionConnection', { description: 'A page of push subscriptions, oldest first.' })
export class PushSubscriptionConnection {
  @Field(() => [PushSubscriptionEdge], { description: 'The page.' })
  edges!: PushSubscriptionEdge[];

  @Field(() => PageInfoType, { description: 'How to go on.' })
  pageInfo!: PageInfoType;
}

/**
 * @param readTags gives the tags of this row; called only when the field is asked for
 * @param showsUser see `PushSubscriptionType`
 */
export function toPushSubscription(
  row: PushSubscriptionRow,
  ids: PublicIds,
  readTags: () => Promise<string[]>,
  showsUser: boolean,
): PushSubscriptionType {
  const { userId, pushService, locale, timeZone, createdAt, lastSeenAt, retiredAt, retiredReason } = row;
  return Object.assign(new PushSubscriptionType(), {
    id: ids.encode('subscription', row.id),
    userId,
    pushService,
    locale,
    timeZone,
    createdAt,
    lastSeenAt,
    retiredAt,
    retiredReason,
    readTags,
    showsUser,
  });
}
