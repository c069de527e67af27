import { cpuMicroseconds, machineTicks, residentMegabytes } from '../../bench/processUsage';
import type { UndoStack } from '../../bench/undoStack';
import { until } from '../../test/support/until';
import type { Behaviour } from '../behaviour';
import type { Ground } from '../ground';
import { type Engine, Installation } from '../installation';
import { answerDelayMs } from './illnesses';
import { PacedSends } from './pacedSends';

export interface StreetOptions {
  readonly engine: Engine;
  /** Messages to single people at the healthy push service. */
  readonly perSecond: number;
  /** How long they are measured in one phase. */
  readonly phaseMs: number;
}

/** What one phase showed. */
export interface Phase {
  /** From the call of `sendNotification` to the POST at the healthy push service, of each message, in milliseconds. */
  readonly durations: readonly number[];
  /** The most resident memory of the process that delivers. */
  readonly workerMegabytes: number;
  /** CPU time of that process, as a share of one core. */
  readonly workerCpu: number;
  /** What the hypervisor gave to other machines meanwhile though it was wanted here, as a share (0 to 1) of all. */
  readonly stolen: number;
  /** POSTs a second at the other push service, while it was measured. */
  readonly otherPosts: number;
}

const otherBrowsers = 400;
const healthyBrowsers = 1_000;
const otherTag = 'other';
/** What the other push service is offered, well or ill: single people, and a broadcast to `taggedBrowsers` a second. */
const otherPerSecond = 20;
const taggedBrowsers = 200;
const otherTtlSeconds = 5;
const sampleEveryMs = 200;
const patienceMs = 60_000;

const send = 'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { replayed } }';

/** One Fanfare with one worker, the healthy push service that is measured, and the other one beside it. */
export class Street {
  private constructor(
    private readonly ground: Ground,
    private readonly installation: Installation,
    private readonly options: StreetOptions,
  ) {}

  static async open(ground: Ground, undo: UndoStack, options: StreetOptions): Promise<Street> {
    const { engine, perSecond, phaseMs } = options;
    // arrivals are told apart by their browser, and what is paced can run ahead
    if ((perSecond * phaseMs) / 1000 > 0.9 * healthyBrowsers) {
      throw new Error(
        `A phase can measure ${0.9 * healthyBrowsers} messages: make --phase-seconds or --per-second less.`,
      );
    }
    const installation = await Installation.open(ground, undo, { engine, throughProxies: false, workers: 1 });
    await installation.seed('hurt', 0, otherBrowsers);
    await installation.seed('healthy', otherBrowsers, healthyBrowsers);
    await installation.database.write((sql) =>
      sql.run(
        `INSERT INTO subscription_tag (subscriptionId, tag, applicationId)
         SELECT id, '${otherTag}', applicationId FROM push_subscription ORDER BY id LIMIT ${taggedBrowsers}`,
      ),
    );
    const street = new Street(ground, installation, options);
    await ground.services.behave('healthy', { kind: 'well', delayMs: answerDelayMs });
    return street;
  }

  /** One phase: the other push service behaves so, `leadMs` later the healthy one is measured. */
  async measure(behaviour: Behaviour, leadMs: number): Promise<Phase> {
    const { services } = this.ground;
    await services.begin(otherBrowsers + healthyBrowsers);
    await services.behave('healthy', { kind: 'well', delayMs: answerDelayMs });
    await services.behave('hurt', behaviour);
    const others = this.#offerOther();
    await wait(leadMs);
    const postsBefore = (await services.report()).hurt.posts;
    const memory = this.#watchMemory();
    const [cpuBefore, ticksBefore] = [this.#workerCpuUs(), machineTicks()];
    const startedAt = performance.now();
    const probes = new PacedSends(this.options.perSecond, (n) => this.#probe(n));
    await wait(this.options.phaseMs);
    await probes.stop();
    const workerMegabytes = memory.stop();
    const tookMs = performance.now() - startedAt;
    const workerCpu = (this.#workerCpuUs() - cpuBefore) / 1000 / tookMs;
    const ticks = machineTicks();
    const stolen = (ticks.stolen - ticksBefore.stolen) / (ticks.all - ticksBefore.all);
    const otherPosts = ((await services.report()).hurt.posts - postsBefore) / (tookMs / 1000);
    await Promise.all(others.map((each) => each.stop()));
    const durations = await this.#arrivals(probes);
    const failed = [probes, ...others].reduce((sum, each) => sum + each.failed, 0);
    if (failed > 0) throw new Error(`${failed} calls of sendNotification failed`);
    return { durations, workerMegabytes, workerCpu, stolen, otherPosts };
  }

  /** Heals the other push service and waits until nothing of it is left, so that the next phase begins afresh. */
  async recover(): Promise<void> {
    await this.ground.services.behave('hurt', { kind: 'well', delayMs: answerDelayMs });
    const isIdle = async () => (await this.#count('dispatch', '1 = 1')) === 0;
    await until(isIdle, 'what waited for the ill push service', patienceMs);
    // until its gate is open again
    await this.#send({ audience: { userIds: ['user-0'] } });
    await until(isIdle, 'a message to the push service that is well again', patienceMs);
  }

  /** What must hold at the end. @returns what does not, in words */
  async faults(): Promise<string[]> {
    const retired = await this.#count('push_subscription', 'retiredAt IS NOT NULL');
    const healthyLeft = await this.#count('delivery', `status <> 1 AND subscriptionId > ${otherBrowsers}`);
    return [
      ...(retired > 0 ? [`${retired} push subscriptions retired, though none is gone`] : []),
      ...(healthyLeft > 0 ? [`${healthyLeft} deliveries at the healthy push service not accepted`] : []),
    ];
  }

  #offerOther(): PacedSends[] {
    const toOne = (n: number) =>
      this.#send({ audience: { userIds: [`user-${n % otherBrowsers}`] }, ttl: otherTtlSeconds });
    const toMany = () => this.#send({ audience: { tags: { anyOf: [otherTag] } }, ttl: otherTtlSeconds });
    return [new PacedSends(otherPerSecond, toOne), new PacedSends(1, toMany)];
  }

  #probe(n: number): Promise<unknown> {
    const userIds = [`user-${otherBrowsers + (n % healthyBrowsers)}`];
    return this.#send({ audience: { userIds }, urgency: 'HIGH' });
  }

  #send(input: Record<string, unknown>): Promise<unknown> {
    return this.installation.graphql(send, {
      input: { content: { title: 'Your code is 284 913' }, ...input },
    });
  }

  async #arrivals(probes: PacedSends): Promise<number[]> {
    const { calledAtNs } = probes;
    const arrivals = await until(
      async () => {
        const { urgent } = await this.ground.services.report();
        return urgent.length >= calledAtNs.length ? urgent : undefined;
      },
      `all ${calledAtNs.length} messages at the healthy push service`,
      patienceMs,
    );
    const atNs = new Map(arrivals.map(({ index, atNs: at }) => [index, BigInt(at)]));
    return calledAtNs.map((calledAt, n) => {
      const at = atNs.get(otherBrowsers + (n % healthyBrowsers));
      return at === undefined ? patienceMs : Number(at - calledAt) / 1e6;
    });
  }

  #workerCpuUs(): number {
    return this.installation.workers.reduce((sum, { pid }) => sum + cpuMicroseconds(pid), 0);
  }

  #watchMemory(): { stop(): number } {
    let most = 0;
    const look = () => {
      most = Math.max(most, ...this.installation.workers.map(({ pid }) => residentMegabytes(pid)));
    };
    look();
    const timer = setInterval(look, sampleEveryMs);
    return {
      stop: () => {
        clearInterval(timer);
        return most;
      },
    };
  }

  async #count(table: string, where: string): Promise<number> {
    const [row] = await this.installation.database.sql.rows<{ size: number }>(
      `SELECT COUNT(*) AS size FROM ${table} WHERE ${where}`,
    );
    return Number(row?.size);
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
