import { readdirSync } from 'node:fs';
import { residentMegabytes } from '../../bench/processUsage';

/** What a process holds. */
export interface Footprint {
  readonly descriptors: number;
  readonly megabytes: number;
}

/** Connections that come and go, and memory that the collector has not given back yet. */
const mostDescriptorsMore = 50;
const mostMegabytesMore = 100;

export function footprintOf(pid: number): Footprint {
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, megabytes: residentMegabytes(pid) };
}

/** Whether all that an attack took has been given back, or nearly. */
export function hasRecovered(before: Footprint, after: Footprint): boolean {
  return (
    after.descriptors <= before.descriptors + mostDescriptorsMore &&
    after.megabytes <= before.megabytes + mostMegabytesMore
  );
}
