import type { Lane } from '../../model/lane';

/** A dispatch to named people is mostly a single delivery: so many of them weigh less than one of a broadcast. */
const transactionalFactor = 8;

/**
 * Dispatches that a worker holds at a time, by lane.
 * @param bulk those of broadcasts, with up to 500 deliveries each
 */
export function lanePrefetch(bulk: number): Readonly<Record<Lane, number>> {
  return { bulk, transactional: bulk * transactionalFactor };
}
