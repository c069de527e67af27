import { residentMegabytes } from './processUsage';
import { median } from './table';

/** Resident memory of one process over time, in MB. */
export interface MemoryCourse {
  readonly name: string;
  readonly firstMb: number;
  readonly medianMb: number;
  readonly maxMb: number;
  /** Growth in the second half, by which a leak shows: the last tenth against the middle tenth. */
  readonly lateGrowthMb: number;
}

const everyMs = 500;

/** Looks at the memory of processes twice a second until it is stopped. */
export function watchMemory(processes: ReadonlyArray<{ name: string; pid: number }>): {
  stop(): MemoryCourse[];
} {
  const samples = new Map<string, number[]>(processes.map(({ name }) => [name, []]));
  const look = () => {
    for (const { name, pid } of processes) samples.get(name)?.push(residentMegabytes(pid));
  };
  look();
  const timer = setInterval(look, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return [...samples].map(([name, megabytes]) => courseOf(name, megabytes));
    },
  };
}

function courseOf(name: string, megabytes: readonly number[]): MemoryCourse {
  const tenth = Math.max(1, Math.floor(megabytes.length / 10));
  const middle = Math.floor((megabytes.length - tenth) / 2);
  return {
    name,
    firstMb: megabytes[0] ?? 0,
    medianMb: median(megabytes),
    maxMb: Math.max(...megabytes),
    lateGrowthMb: median(megabytes.slice(-tenth)) - median(megabytes.slice(middle, middle + tenth)),
  };
}
