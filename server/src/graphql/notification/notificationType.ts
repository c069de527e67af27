import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { PublicIds } from '../../model/ids/publicIds';
import type { NotificationRow } from '../../views/notification/notificationRow';
import { NotificationStatusEnum } from '../enums';
import { NodeType } from '../node/nodeType';
import type { Edge } from '../paging/connection';
import { PageInfoType } from '../paging/connection';
import { DateTime } from '../scalars';

@ObjectType('NotificationProgress', {
  description:
    'How many deliveries stand where. At every moment targeted = pending + accepted + gone + rejected + expired + exhausted + cancelled.',
})
export class NotificationProgressType {
  @Field(() => Int, { description: 'Deliveries so far: grows while the audience is being found.' })
  targeted!: number;

  @Field(() => Int, { description: 'Not settled yet.' })
  pending!: number;

  @Field(() => Int, { description: 'Taken by a push service.' })
  accepted!: number;

  @Field(() => Int, { description: 'The push subscription was no more.' })
  gone!: number;

  @Field(() => Int, { description: 'Refused for good by a push service.' })
  rejected!: number;

  @Field(() => Int, { description: 'TTL or `expiresAt` ran out.' })
  expired!: number;

  @Field(() => Int, { description: 'Every retry failed.' })
  exhausted!: number;

  @Field(() => Int, { description: 'Cancelled before they were sent.' })
  cancelled!: number;

  @Field(() => Int, {
    description: 'Shown, as service workers report. Counts beside the statuses, not in them.',
  })
  displayed!: number;

  @Field(() => Int, { description: 'Clicked, as service workers report.' })
  clicked!: number;

  @Field(() => Int, { description: 'Closed, as service workers report.' })
  dismissed!: number;
}

@ObjectType('Notification', {
  implements: NodeType,
  description: 'What a back end sent once, and what became of it.',
})
export class NotificationType implements NodeType {
  /** What the field resolvers read from. */
  row!: NotificationRow;

  @Field(() => ID, { description: 'Names this notification.' })
  id!: string;

  @Field(() => NotificationStatusEnum, { description: 'Where it stands.' })
  status!: NotificationStatusEnum;

  @Field(() => DateTime, { description: 'When it was stored.' })
  createdAt!: number;

  @Field(() => DateTime, { nullable: true, description: 'When it is sent, if that was asked for.' })
  sendAt!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'After this nothing is sent, if that was asked for.',
  })
  expiresAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When its last delivery was settled.' })
  completedAt!: number | null;

  @Field(() => NotificationProgressType, { description: 'How many deliveries stand where.' })
  progress!: NotificationProgressType;
}

@ObjectType('NotificationEdge', { description: 'A notification and its place in the list.' })
export class NotificationEdge implements Edge<NotificationType> {
  @Field(() => String, { description: 'The place: opaque.' })
  cursor!: string;

  @Field(() => NotificationType, { description: 'The notification.' })
  node!: NotificationType;
}

@ObjectType('NotificationConnection', { description: 'A page of notifications, newest first.' })
export class NotificationConnection {
  @Field(() => [NotificationEdge], { description: 'The page.' })
  edges!: NotificationEdge[];

  @Field(() => PageInfoType, { description: 'How to go on.' })
  pageInfo!: PageInfoType;
}

/** A notification row as the API shows it. */
export function toNotification(row: NotificationRow, ids: PublicIds): NotificationType {
  const { createdAt, sendAt, expiresAt, completedAt } = row;
  return Object.assign(new NotificationType(), {
    row,
    id: ids.encode('notification', row.id),
    status: NotificationStatusEnum[row.status],
    createdAt,
    sendAt,
    expiresAt,
    completedAt,
    progress: toProgress(row),
  });
}

function toProgress(row: NotificationRow): NotificationProgressType {
  const { targeted, accepted, gone, rejected, expired, exhausted, cancelled } = row;
  const { displayed, clicked, dismissed } = row;
  const pending = targeted - accepted - gone - rejected - expired - exhausted - cancelled;
  return Object.assign(new NotificationProgressType(), {
    targeted,
    pending,
    accepted,
    gone,
    rejected,
    expired,
    exhausted,
    cancelled,
    displayed,
    clicked,
    dismissed,
  });
}
