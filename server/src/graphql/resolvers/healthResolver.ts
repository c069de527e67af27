import { Ctx, Query, Resolver } from 'type-graphql';
import { dispatchCounts } from '../../status/dispatchCounts';
import { pushServiceHealth, pushServiceStates } from '../../status/pushServiceHealth';
import { isPlatformAdmin, requireScope } from '../authorise';
import type { Caller } from '../caller';
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
    description:
      'The push services that running workers have met, by name; for an admin of an application other than "default", only the state of those that its browsers use. Scope admin.',
  })
  async pushServiceHealth(@Ctx() context: RequestContext): Promise<PushServiceHealthType[]> {
    const only = applicationOnly(await requireScope(context, 'admin'));
    const { database } = context.parts;
    const now = database.now();
    const rows =
      only === undefined
        ? await pushServiceHealth(database, now)
        : await pushServiceStates(database, now, only);
    return rows.map(toPushServiceHealth);
  }

  @Query(() => QueueHealthType, {
    description:
      'How much work waits, of all applications; for an admin of another application than "default" of its own. Scope admin.',
  })
  async queueHealth(@Ctx() context: RequestContext): Promise<QueueHealthType> {
    const only = applicationOnly(await requireScope(context, 'admin'));
    const { database, queue } = context.parts;
    const counts = await dispatchCounts(database, database.now(), only);
    const lanes = counts.map(async ({ lane, ...count }) =>
      Object.assign(new LaneHealthType(), {
        ...count,
        lane: laneNames[lane],
        depth: only === undefined ? ((await queue.depth(lane)) ?? null) : null,
      }),
    );
    return {
      connected: queue.connected,
      deadLetters: only === undefined ? ((await queue.deadLetters()) ?? null) : null,
      lanes: await Promise.all(lanes),
    };
  }
}

/** The volume of one application is no business of another's. @returns undefined for a platform admin */
function applicationOnly(caller: Caller): number | undefined {
  return isPlatformAdmin(caller) ? undefined : caller.applicationId;
}
