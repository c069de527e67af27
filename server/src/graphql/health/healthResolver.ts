import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { resumePushService } from '../../actions/pushService/resumePushService';
import { dispatchCounts } from '../../views/health/dispatchCounts';
import { pushServiceHealth, pushServiceStates } from '../../views/health/pushServiceHealth';
import { administered, isPlatformAdmin, requirePlatformAdmin, requireScope } from '../admission/authorise';
import type { Caller } from '../admission/caller';
import { type RequestContext } from '../context';
import {
  LaneEnum,
  LaneHealthType,
  PushServiceHealthType,
  QueueHealthType,
  toPushServiceHealth,
} from './healthTypes';

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

  @Mutation(() => Boolean, {
    description:
      'Ends the pause of a push service before its time, for example after a long `Retry-After`, and the throttling of applications there. Workers follow within seconds, and everything that waited is tried again, in the order in which it was sent. A push service that still refuses is paused again. Scope admin of the application "default".',
  })
  async resumePushService(
    @Ctx() context: RequestContext,
    @Arg('pushService', () => String, { description: 'The push service, as `pushServiceHealth` names it.' })
    pushService: string,
    @Arg('applicationId', () => ID, {
      nullable: true,
      description:
        'The only application whose throttling ends; absent: of all, and the pause of the push service.',
    })
    applicationId: string | null,
  ): Promise<boolean> {
    const caller = await requirePlatformAdmin(context);
    const only = applicationId && (await administered(context, caller, applicationId, ['applicationId']));
    await resumePushService(context.parts.database, pushService, only || undefined);
    return true;
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
