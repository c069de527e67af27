import { isUnavailable } from '../database/faults';
import type { Database } from '../database/openDatabase';
import { hasManyHosts, pushServiceName } from '../egress/pushServiceName';
import { lanes } from '../model/lane';
import type { Log } from '../observe/log';
import type { PushServiceLabels } from '../observe/pushServiceLabels';
import type { DispatchMessage, Verdict } from '../queue/dispatchQueue';
import { hastenDispatches } from './claimDispatch';
import type { PushServiceGate } from './flow/pushServiceGate';
import { applicationLine, type GateOf, type PushServiceGates } from './flow/pushServiceGates';
import { firstHeld, heldIds, heldPauses } from './heldDispatches';
import { firstProbeMs } from './probeTimes';
import { Resumptions } from './resumptions';

/*
 * Long pauses, for which `Retry-After` asks. A push service that is overloaded for seconds may ask for an hour, so single
 * probes look whether it accepts again (RFC 9110 section 10.2.3 speaks of how long the sender ought to wait, and one
 * request a minute, later every fifteen, is no load). A probe is a delivery that waits for the end of the pause; one that
 * was itself told to wait is never sent before its time as long as the pause lasts. An accepted probe, or an
 * administrator (resumePushService), ends the pause in all workers, and everything that waited because of it becomes
 * due in the order in which it was sent. A worker that starts finds the pauses in the dispatches that wait.
 */

export interface PauseDeps {
  readonly database: Database;
  readonly gates: PushServiceGates;
  readonly labels: Pick<PushServiceLabels, 'of'>;
  /** Delivers one dispatch in this worker, past the queue: another worker may have no pause to end. */
  readonly deliver: (message: DispatchMessage, probed: PushServiceGate) => Promise<Verdict>;
  readonly log: Log;
  readonly now: () => number;
  /** True once the worker shuts down. */
  readonly stopping: () => boolean;
}

const everyMs = 2_000;
const releaseEveryMs = 100;
/** So many dispatches each time: as with recall.ts, most of the worker is left for what is sent now. */
const mostAtOnce = 20;
const readAtOnce = 5_000;

/** What is released together. */
interface Held {
  readonly pushService: string;
  readonly applicationId: number | undefined;
}

export class Pauses {
  readonly #resumptions: Resumptions;
  /** The gates that were paused when last looked at, by line. */
  #paused = new Map<string, GateOf>();
  readonly #releases = new Map<string, Promise<void>>();
  readonly #probes = new Set<Promise<boolean>>();
  #round: Promise<boolean> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: PauseDeps) {
    this.#resumptions = new Resumptions(parts.database);
  }

  /** Finds the pauses that began before this worker did, before it takes anything from the queue. */
  async start(): Promise<void> {
    await this.#guarded(async () => {
      await this.#resumptions.news();
      await this.#continuePauses();
    });
    this.#timer = setInterval(() => this.#beginRound(), everyMs);
  }

  /** Resolves when nothing of it is under way any more, soon after `stopping`. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([this.#round, ...this.#releases.values(), ...this.#probes]);
  }

  #beginRound(): void {
    if (this.parts.stopping()) return;
    this.#round ??= this.#guarded(() => this.#look()).finally(() => {
      this.#round = undefined;
    });
  }

  async #continuePauses(): Promise<void> {
    const { database, gates, now } = this.parts;
    for (const { flowName, applicationId, until } of await heldPauses(database, now() + firstProbeMs)) {
      // which of its hosts is paused is not known: each says so again
      if (hasManyHosts(flowName)) this.#release({ pushService: flowName, applicationId }, () => true);
      else gates.passage(flowName, applicationId).application.continuePause(until, now());
    }
    this.#paused = this.#pausedNow();
  }

  async #look(): Promise<void> {
    await this.#heed();
    await this.#announceEnds();
    const now = this.parts.now();
    for (const each of this.#paused.values()) if (each.gate.wantsProbe(now)) await this.#probe(each);
  }

  /** Ends the pauses that have ended elsewhere. */
  async #heed(): Promise<void> {
    const { gates, labels } = this.parts;
    for (const { name, applicationId } of await this.#resumptions.news()) {
      const isMeant = (flowName: string) =>
        flowName === name || labels.of(pushServiceName(flowName)) === name;
      const pushServices = new Set([pushServiceName(name)]);
      for (const each of gates.all()) {
        if (!isMeant(each.flowName)) continue;
        pushServices.add(pushServiceName(each.flowName));
        if (applicationId !== undefined && each.applicationId !== applicationId) continue;
        each.gate.resume();
        this.#paused.delete(lineOf(each));
      }
      for (const pushService of pushServices) this.#release({ pushService, applicationId }, () => true);
    }
  }

  /** Tells the others what has ended here. */
  async #announceEnds(): Promise<void> {
    const paused = this.#pausedNow();
    for (const [line, each] of this.#paused) {
      if (paused.has(line)) continue;
      const { flowName, applicationId, gate } = each;
      this.parts.log.info({ pushService: flowName }, 'a push service accepts again: its pause is over');
      await this.#resumptions.announce({ name: flowName, applicationId });
      this.#release({ pushService: pushServiceName(flowName), applicationId }, () => gate.isClosed);
    }
    this.#paused = paused;
  }

  #pausedNow(): Map<string, GateOf> {
    const paused = [...this.parts.gates.all()].filter(({ gate }) => gate.isPaused);
    return new Map(paused.map((each) => [lineOf(each), each]));
  }

  async #probe({ gate, flowName, applicationId }: GateOf): Promise<void> {
    const { database, deliver, now, stopping } = this.parts;
    const first = await firstHeld(database, { flowName, applicationId }, now());
    if (!first || stopping()) return;
    gate.beginProbe(now());
    await hastenDispatches(database, [first.dispatchId], now(), 'published');
    const probe = this.#guarded(async () => {
      await deliver(first, gate);
    }).finally(() => {
      this.#probes.delete(probe);
      this.#beginRound();
    });
    this.#probes.add(probe);
  }

  /** Makes everything due that was held back, unless that is being done already. */
  #release(of: Held, goesOn: () => boolean): void {
    const name = `${of.pushService} ${of.applicationId ?? 'all'}`;
    if (this.#releases.has(name)) return;
    const releasing = this.#releaseUntilDone(of, goesOn).finally(() => this.#releases.delete(name));
    this.#releases.set(name, releasing);
  }

  async #releaseUntilDone(of: Held, goesOn: () => boolean): Promise<void> {
    while (!(await this.#guarded(() => this.#releaseAll(of, goesOn)))) {
      if (this.parts.stopping()) return;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  async #releaseAll(of: Held, goesOn: () => boolean): Promise<void> {
    const { database, now, stopping } = this.parts;
    // it has only just come back, and may be well or not
    let most = 1;
    for (const lane of lanes) {
      let ids: number[] = [];
      while (!stopping() && goesOn()) {
        if (ids.length === 0) ids = await heldIds(database, { ...of, lane }, now(), readAtOnce);
        if (ids.length === 0) break;
        await hastenDispatches(database, ids.splice(0, most), now(), 'due');
        most = Math.min(mostAtOnce, most + 1);
        await new Promise((resolve) => setTimeout(resolve, releaseEveryMs));
      }
    }
  }

  /** @returns false when the database is away, so that the work is to be done again */
  async #guarded(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      this.parts.log.warn('looking after paused push services failed: the database is away');
      return false;
    }
  }
}

function lineOf({ flowName, applicationId }: GateOf): string {
  return applicationId === undefined ? flowName : applicationLine(flowName, applicationId);
}
