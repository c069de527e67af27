import type { Engine } from '../installation';
import type { Disturbance } from './countedSingles';
import type { TestbedRules, TimingTestbed } from './timingTestbed';

/** One way in which time goes wrong for an installation in the middle of a broadcast. */
export interface TimingRow extends TestbedRules {
  readonly name: string;
  readonly part: 'clocks' | 'standstill';
  readonly engines: readonly Engine[];
  /** Whether what is under way when it begins may be posted again: a process stands still for longer than its lease. */
  readonly outlastsLease?: boolean;
  /** @returns when messages could not but wait; undefined where every message has to be in time */
  readonly strike: (testbed: TimingTestbed) => Promise<Disturbance | undefined>;
}

const both: readonly Engine[] = ['separate', 'embedded'];
const hourSeconds = 3_600;
/** Every process reads the database's clock once a minute. */
const noticedMs = 75_000;
const watchMs = 20_000;
/** What has come in meanwhile is worked off within this share of the time. */
const settledShare = 0.5;
const leastSettledMs = 10_000;
/** What was sent just before may not have left. */
const onItsWayNs = 2_000_000_000n;
/** Longer than the lease of 30 s. */
const longestMs = 45_000;

const apart = (name: string, role: string, seconds: number): TimingRow => ({
  ...{ name, part: 'clocks', engines: ['separate'] },
  aheadSeconds: (each, number) => (each === role && number === 1 ? seconds : 0),
  strike: async (testbed) => {
    await testbed.wait(watchMs);
    return undefined;
  },
});

const set = (name: string, seconds: number): TimingRow => ({
  ...{ name, part: 'clocks', engines: both },
  strike: async (testbed) => {
    for (const ahead of [seconds, 0]) {
      testbed.setClocks(ahead);
      await testbed.wait(noticedMs);
    }
    return undefined;
  },
});

const still = (role: 'api' | 'worker' | 'all', engine: Engine, standstillMs: number): TimingRow => ({
  name: `${role === 'all' ? 'the one process' : role} stands still for ${standstillMs / 1_000} s`,
  ...{ part: 'standstill', engines: [engine], outlastsLease: standstillMs === longestMs && role !== 'api' },
  strike: async (testbed) => {
    const [process] = testbed.processes(role);
    if (!process) throw new Error(`There is no process in the role ${role}.`);
    const fromNs = now() - onItsWayNs;
    process.stopRunning();
    await testbed.wait(standstillMs);
    process.goOn();
    await testbed.wait(Math.max(leastSettledMs, standstillMs * settledShare));
    const untilNs = now();
    await testbed.wait(watchMs);
    return { fromNs, untilNs };
  },
});

const rollingRestart: TimingRow = {
  ...{ name: 'rolling restart of two APIs behind a balancer', part: 'standstill', engines: ['separate'] },
  apis: 2,
  strike: async (testbed) => {
    for (const api of testbed.processes('api')) {
      const status = await api.terminate();
      if (status !== 0) throw new Error(`An API ended with status ${status}.`);
      await api.start();
      await testbed.whenBalanced(api.url);
    }
    return undefined;
  },
};

export const timingRows: readonly TimingRow[] = [
  apart('API 3 s ahead', 'api', 3),
  apart('API 20 s ahead', 'api', 20),
  apart('API 10 min ahead', 'api', 600),
  apart('one of two workers 45 s ahead', 'worker', 45),
  apart('one of two workers 45 s behind', 'worker', -45),
  set('all clocks set forward by an hour, and back', hourSeconds),
  set('all clocks set back by an hour, and forward', -hourSeconds),
  still('api', 'separate', 12_000),
  still('api', 'separate', longestMs),
  still('worker', 'separate', 12_000),
  still('worker', 'separate', longestMs),
  still('all', 'embedded', 12_000),
  still('all', 'embedded', longestMs),
  rollingRestart,
];

function now(): bigint {
  return process.hrtime.bigint();
}
