import { setFlagsFromString } from 'node:v8';

/** Of what is alive after a collection, half as much again may be added until the next one. */
export const heapGrowthFlag = '--heap-growing-percent=50';

/**
 * Collects the old generation when it has grown by half. V8 by itself lets it grow to several times what is alive on a
 * machine with much memory, because it takes that for cheap: in a broadcast that is garbage, of messages long sent. The
 * young generation, where nearly all of it is made, stays as it is. See docs/performance.md for what it takes and gives.
 */
export function tuneGarbageCollector(): void {
  setFlagsFromString(heapGrowthFlag);
}
