import { join } from 'node:path';
import type { UndoStack } from '../../bench/undoStack';
import { callGraphql } from '../../test/support/api/graphqlCall';
import { Balancer } from '../../test/support/servers/balancer';
import { until } from '../../test/support/until';
import type { ChaosProcess } from '../chaosProcess';
import type { Ground } from '../ground';
import { type Engine, Installation } from '../installation';
import { Scene } from '../scene';
import { CountedSingles } from './countedSingles';
import { FakeClock } from './fakeClock';

/** Browsers of the broadcast, at a push service of their own that takes its time. */
export const broadcastBrowsers = 1_500;
const singleBrowsers = 1_500;
const answerDelayMs = 1_000;
const leaseSeconds = 30;
const drainSeconds = 3;

/** How an installation is set up for one row. */
export interface TestbedRules {
  /** API processes behind a balancer; default 1, without one. */
  readonly apis?: number;
  /** How far the clock of a process is ahead from its start, in seconds. */
  readonly aheadSeconds?: (role: string, number: number) => number;
}

/** An installation whose processes can be stopped and whose clocks can be set, and what is sent to it. */
export class TimingTestbed {
  #singles = 0;

  private constructor(
    readonly scene: Scene,
    private readonly clocks: readonly FakeClock[],
    private readonly balancer: { readonly url: string; readonly checks: Balancer } | undefined,
  ) {}

  /** @param library libfaketime, where the row needs clocks of its own */
  static async open(
    ground: Ground,
    undo: UndoStack,
    rules: TestbedRules,
    engine: Engine,
    library: string | undefined,
  ): Promise<TimingTestbed> {
    const clocks: FakeClock[] = [];
    const installation = await Installation.open(ground, undo, {
      ...{ engine, throughProxies: false, apis: rules.apis ?? 1 },
      env: {
        FANFARE_LEASE_SECONDS: String(leaseSeconds),
        FANFARE_LOG_LEVEL: 'info',
        ...(rules.apis && { FANFARE_DRAIN_SECONDS: String(drainSeconds) }),
      },
      envOf: (role, number) => {
        if (library === undefined) return {};
        const clock = new FakeClock(library, join(ground.folder, `clock-${role}-${number}`));
        clock.set(rules.aheadSeconds?.(role, number) ?? 0);
        clocks.push(clock);
        return clock.env;
      },
    });
    await installation.seed('hurt', 0, broadcastBrowsers);
    await installation.seed('healthy', broadcastBrowsers, singleBrowsers);
    const balancer = rules.apis === undefined ? undefined : await balance(installation, undo);
    const deliveries = broadcastBrowsers + singleBrowsers;
    const testbed = new TimingTestbed(
      new Scene(ground, installation, deliveries, broadcastBrowsers),
      clocks,
      balancer,
    );
    await ground.services.begin(deliveries);
    await testbed.scene.behave('hurt', { kind: 'well', delayMs: answerDelayMs });
    return testbed;
  }

  processes(role: ChaosProcess['role']): readonly ChaosProcess[] {
    return this.scene.installation.processes.filter((each) => each.role === role);
  }

  setClocks(aheadSeconds: number): void {
    for (const clock of this.clocks) clock.set(aheadSeconds);
  }

  wait(ms: number): Promise<void> {
    return this.scene.wait(ms);
  }

  async whenBalanced(url: string): Promise<void> {
    await until(() => this.balancer?.checks.isReady(url), 'the balancer to use a process again');
  }

  /** Begins single messages; each message goes to another browser than all before. */
  sendSingles(): CountedSingles {
    const { installation } = this.scene;
    const url = this.balancer?.url ?? installation.api.url;
    const singles = new CountedSingles(
      (query, variables) => callGraphql(url, installation.adminKey, query, variables),
      broadcastBrowsers + this.#singles,
    );
    this.#singles += singleBrowsers / 3;
    return singles;
  }

  /** Until a broadcast is in the middle. */
  async broadcast(): Promise<void> {
    await this.scene.send();
    const begun = async () => (await this.scene.report()).hurt.posts > broadcastBrowsers / 20;
    await until(begun, 'a broadcast under way', 60_000);
  }

  /** POSTs that were made and are not written down. */
  async underWay(): Promise<number> {
    const { hurt, healthy, urgent } = await this.scene.report();
    const recorded = await this.scene.count('delivery', 'acceptedAt IS NOT NULL');
    return Math.max(0, hurt.posts + healthy.posts + urgent.length - recorded);
  }
}

async function balance(installation: Installation, undo: UndoStack) {
  const apis = installation.processes.filter(({ role }) => role === 'api');
  const checks = new Balancer(apis.map(({ url }) => url));
  await undo.add(async () => checks.stop());
  return { url: await checks.start(), checks };
}
