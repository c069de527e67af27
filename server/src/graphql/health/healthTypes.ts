import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { PushServiceHealth, PushServiceState } from '../../views/health/pushServiceHealth';
import { DateTime } from '../scalars';

export enum GateStateEnum {
  CLOSED = 'closed',
  HALF_OPEN = 'half-open',
  OPEN = 'open',
}

registerEnumType(GateStateEnum, {
  name: 'GateState',
  description: 'Whether deliveries pass to a push service (circuit breaker).',
  valuesConfig: {
    CLOSED: { description: 'They pass, up to the limit.' },
    HALF_OPEN: { description: 'One passes as a probe; its answer decides.' },
    OPEN: { description: 'None passes until `pausedUntil`; they wait in the database.' },
  },
});

export enum LaneEnum {
  TRANSACTIONAL = 'transactional',
  BULK = 'bulk',
}

registerEnumType(LaneEnum, {
  name: 'Lane',
  description: 'The queue a notification travels in.',
  valuesConfig: {
    TRANSACTIONAL: { description: 'To people or browsers that were named.' },
    BULK: { description: 'To everyone, by tags, or once more to those who failed.' },
  },
});

const shared = ' Of all applications together, so null for an admin of any other application than `default`.';

@ObjectType('PushServiceHealth', { description: 'How the running workers fare with one push service.' })
export class PushServiceHealthType {
  @Field(() => String, { description: 'The push service.' })
  pushService!: string;

  @Field(() => GateStateEnum, { description: 'The worst of any worker.' })
  state!: GateStateEnum;

  @Field(() => Int, {
    nullable: true,
    description: `POSTs that may be under way at once, all workers together.${shared}`,
  })
  limit!: number | null;

  @Field(() => Int, { nullable: true, description: `POSTs without an answer yet.${shared}` })
  underWay!: number | null;

  @Field(() => Int, { nullable: true, description: `Deliveries that wait for a place.${shared}` })
  waiting!: number | null;

  @Field(() => Int, { nullable: true, description: `POSTs per minute, over the last ten seconds.${shared}` })
  attemptsPerMinute!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when nothing is sent: Retry-After, or the breaker.',
  })
  pausedUntil!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Until when nothing of a throttled application is sent (429): the latest of any application; for an admin of an application other than `default`, its own.',
  })
  throttledUntil!: number | null;

  @Field(() => Int, { nullable: true, description: `Workers that have met it.${shared}` })
  workers!: number | null;

  @Field(() => DateTime, { nullable: true, description: `When a worker last reported it.${shared}` })
  updatedAt!: number | null;
}

@ObjectType('LaneHealth', { description: 'The work of one lane, in dispatches of up to 500 deliveries.' })
export class LaneHealthType {
  @Field(() => LaneEnum, { description: 'The lane.' })
  lane!: LaneEnum;

  @Field(() => Int, {
    nullable: true,
    description: `Messages in the queue; null when the queue cannot tell now.${shared}`,
  })
  depth!: number | null;

  @Field(() => Int, { description: 'Due, and not in the queue yet.' })
  due!: number;

  @Field(() => Int, { description: 'For later: retries, and what a paused push service gave back.' })
  later!: number;

  @Field(() => Int, { description: 'In the queue.' })
  queued!: number;

  @Field(() => Int, { description: "In a worker's hands." })
  underWay!: number;

  @Field(() => Int, { description: 'Set aside after ten failures, until they are due again.' })
  dead!: number;
}

@ObjectType('QueueHealth', { description: 'How much work waits where.' })
export class QueueHealthType {
  @Field(() => Boolean, { description: 'Whether the queue can be used now.' })
  connected!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: `Messages that were given up; null when the queue cannot tell now.${shared}`,
  })
  deadLetters!: number | null;

  @Field(() => [LaneHealthType], { description: 'Lane by lane.' })
  lanes!: LaneHealthType[];
}

/** What depends on the traffic of all applications is null where it is not known. */
export function toPushServiceHealth(row: PushServiceHealth | PushServiceState): PushServiceHealthType {
  const unknown = { limit: null, underWay: null, waiting: null, attemptsPerMinute: null };
  return Object.assign(new PushServiceHealthType(), unknown, { workers: null, updatedAt: null }, row);
}
