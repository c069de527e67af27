import { Ctx, Query, Resolver } from 'type-graphql';
import { dispatchCounts } from '../../status/dispatchCounts';
import { pushServiceHealth } from '../../status/pushServiceHealth';
import { requireScope } from '../authorise';
import { type RequestContext } from '../context';
import {
  LaneEnum,
  LaneHealthType,
  PushServiceHealthType,
  QueueHealthType,
  toPushServiceHealth,
} from '../types/health';

const laneNames = { transactional: LaneEnum.TRANSACTIONAL, bulk: LaneEnum.BULK };

@Resolver()
export class HealthResolver {
  @Query(() => [PushServiceHealthType], {
    description: 'The push services that running workers have met, by name. Scope admin.',
  })
  async pushServiceHealth(@Ctx() context: RequestContext): Promise<PushServiceHealthType[]> {
    await requireScope(context, 'admin');
    return (await pushServiceHealth(context.parts.database, Date.now())).map(toPushServiceHealth);
  }

  @Query(() => QueueHealthType, {
    description: 'How much work waits, of all applications. Scope admin.',
  })
  async queueHealth(@Ctx() context: RequestContext): Promise<QueueHealthType> {
    await requireScope(context, 'admin');
    const { database, queue } = context.parts;
    const counts = await dispatchCounts(database, Date.now());
    const lanes = counts.map(async ({ lane, ...count }) =>
      Object.assign(new LaneHealthType(), {
        ...count,
        lane: laneNames[lane],
        depth: (await queue.depth(lane)) ?? null,
      }),
    );
    return {
      connected: queue.connected,
      deadLetters: (await queue.deadLetters()) ?? null,
      lanes: await Promise.all(lanes),
    };
  }
}
