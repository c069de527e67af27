import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { PublicIds } from '../../model/ids/publicIds';
import type { DeadDispatchRow } from '../../views/deadDispatch/listDeadDispatches';
import { LaneEnum } from '../health/healthTypes';
import { NodeType } from '../node/nodeType';
import { type Edge, PageInfoType } from '../paging/connection';
import { DateTime } from '../scalars';

const lanes = { transactional: LaneEnum.TRANSACTIONAL, bulk: LaneEnum.BULK };

@ObjectType('DeadDispatch', {
  implements: NodeType,
  description:
    'Up to 500 deliveries of one notification at one push service that failed ten times and were set aside. They stay PENDING and are tried again after a minute, then after twice as long each time, up to an hour, or at once with `redriveDispatch`. When their time runs out they end as EXPIRED.',
})
export class DeadDispatchType implements NodeType {
  @Field(() => ID, { description: 'Name it to `redriveDispatch`.' })
  id!: string;

  @Field(() => ID, { description: 'The notification it belongs to.' })
  notificationId!: string;

  @Field(() => LaneEnum, { description: 'The queue it travelled in.' })
  lane!: LaneEnum;

  @Field(() => String, { description: 'The push service its deliveries go to.' })
  pushService!: string;

  @Field(() => Int, { description: 'Deliveries that wait in it.' })
  deliveries!: number;

  @Field(() => String, { description: 'How often it failed, and what failed last.' })
  reason!: string;

  @Field(() => DateTime, { description: 'When it was last set aside.' })
  deadAt!: number;
}

@ObjectType('DeadDispatchEdge', { description: 'A dispatch that was set aside and its place in the list.' })
export class DeadDispatchEdge implements Edge<DeadDispatchType> {
  @Field(() => String, { description: 'Give it as `after` to go on behind this edge.' })
  cursor!: string;

  @Field(() => DeadDispatchType, { description: 'The dispatch.' })
  node!: DeadDispatchType;
}

@ObjectType('DeadDispatchConnection', { description: 'A page of dispatches that were set aside.' })
export class DeadDispatchConnection {
  @Field(() => [DeadDispatchEdge], { description: 'The dispatches of this page, oldest first.' })
  edges!: DeadDispatchEdge[];

  @Field(() => PageInfoType, { description: 'Whether the list goes on.' })
  pageInfo!: PageInfoType;
}

export function toDeadDispatch(row: DeadDispatchRow, ids: PublicIds): DeadDispatchType {
  return Object.assign(new DeadDispatchType(), {
    id: ids.encode('dispatch', row.id),
    notificationId: ids.encode('notification', row.notificationId),
    lane: lanes[row.lane],
    pushService: row.pushService,
    deliveries: row.deliveries,
    reason: row.deadReason ?? 'unknown',
    deadAt: row.deadAt,
  });
}
