import type { Lane } from '../../model/lane';
import type { OutcomeKind } from '../../model/outcome';
import { forgetIdle } from './forgetIdle';
import { type GateState, PushServiceGate } from './pushServiceGate';

/*
 * The gates of one worker, by flow name (flowName.ts). A delivery passes two:
 *
 *   its application's   learns from `throttled`: a push service throttles one sender at a time, so a flagged application
 *                       waits alone, for as long as `Retry-After` asks. By application and not by VAPID key: an
 *                       application whose key was rotated is still the same sender, and a dispatch belongs to one
 *   the push service's  learns from `transient`: it is down, slow or faulty for all applications
 *
 * The push service's gate learns nothing from `throttled`, however many applications are throttled at once: each of
 * those finds out for itself, and the others go on.
 */

/** Why deliveries are kept back: the line of the gate, and until when in milliseconds since 1970. */
export interface Shut {
  readonly line: string;
  readonly until: number;
}

/** The line of an application's deliveries that one push service throttles. */
export function applicationLine(flowName: string, applicationId: number): string {
  return `${flowName} ${applicationId}`;
}

/** The two gates of an application's deliveries to one push service. The application's comes first, so that what waits there takes no slot of the shared one. */
export class Passage {
  constructor(
    readonly application: PushServiceGate,
    readonly service: PushServiceGate,
    readonly flowName: string,
    readonly applicationId: number,
    /** Whether nobody passes at present, whatever the two gates say. */
    private readonly isBarred: () => boolean,
  ) {}

  /** As `PushServiceGate.enter`, for both. @param probed the gate of which this is the probe, if it is one */
  enter(lane: Lane, now: () => number, probed?: PushServiceGate): Promise<boolean> | boolean {
    if (this.isBarred()) return false;
    const entering = this.application.enter(lane, now(), probed === this.application);
    if (entering === false) return false;
    if (entering === true) return this.#enterService(lane, now, probed);
    return entering.then((pass) => pass && this.#enterService(lane, now, probed));
  }

  leave(kind: OutcomeKind | 'aborted', now: number, retryAfterMs?: number, everAccepted = true): void {
    this.service.leave(kind, now, retryAfterMs, everAccepted);
    this.application.leave(kind, now, retryAfterMs, everAccepted);
  }

  /** When deferred deliveries may come back, in milliseconds since 1970. */
  get reopensAt(): number {
    return Math.max(this.application.reopensAt, this.service.reopensAt);
  }

  /** What keeps a dispatch back for which nothing would pass now; the later of the two, when both do. */
  shut(now: number): Shut | undefined {
    const service = this.service.shutUntil(now);
    const application = this.application.shutUntil(now);
    if (application !== undefined && application >= (service ?? 0)) {
      return { line: applicationLine(this.flowName, this.applicationId), until: application };
    }
    return service === undefined ? undefined : { line: this.flowName, until: service };
  }

  /** The line to wait in; undefined when both gates are closed, which is when POSTs pass. */
  get line(): string | undefined {
    if (!this.service.isClosed) return this.flowName;
    return this.application.isClosed ? undefined : applicationLine(this.flowName, this.applicationId);
  }

  #enterService(
    lane: Lane,
    now: () => number,
    probed: PushServiceGate | undefined,
  ): Promise<boolean> | boolean {
    const entering = !this.isBarred() && this.service.enter(lane, now(), probed === this.service);
    if (entering === true) return true;
    const giveBack = () => this.application.leave('aborted', now());
    if (entering === false) {
      giveBack();
      return false;
    }
    return entering.then((pass) => {
      if (!pass) giveBack();
      return pass;
    });
  }
}

/** A gate and whose deliveries pass it. */
export interface GateOf {
  readonly gate: PushServiceGate;
  readonly flowName: string;
  /** Undefined for the gate of the push service itself. */
  readonly applicationId: number | undefined;
}

interface Service {
  readonly gate: PushServiceGate;
  readonly passages: Map<number, Passage>;
}

export class PushServiceGates {
  readonly #services = new Map<string, Service>();
  #isBarred = false;

  /**
   * @param now the clock that `leave` and `enter` go by, in milliseconds since 1970
   * @param isFull as for `PushServiceGate`
   */
  constructor(
    private readonly now: () => number,
    private readonly isFull?: () => boolean,
  ) {}

  /** The gate of a push service. */
  of(flowName: string): PushServiceGate {
    return this.#serviceOf(flowName).gate;
  }

  passage(flowName: string, applicationId: number): Passage {
    const { gate, passages } = this.#serviceOf(flowName);
    const known = passages.get(applicationId);
    if (known) return known;
    const now = this.now();
    forgetIdle(passages, (each) => each.application.isIdle(now));
    const application = new PushServiceGate(this.isFull, ['throttled']);
    const passage = new Passage(application, gate, flowName, applicationId, () => this.#isBarred);
    passages.set(applicationId, passage);
    return passage;
  }

  /** What keeps an application's deliveries back; undefined also where nothing has been sent yet. */
  shut(flowName: string, applicationId: number, now: number): Shut | undefined {
    const service = this.#services.get(flowName);
    if (!service) return undefined;
    const passage = service.passages.get(applicationId);
    if (passage) return passage.shut(now);
    const until = service.gate.shutUntil(now);
    return until === undefined ? undefined : { line: flowName, until };
  }

  /** Whether what waits in this line could pass its gate. */
  isClosed(line: string): boolean {
    return this.#gateOf(line)?.isClosed ?? true;
  }

  /** Whether this line waits for the end of a long pause (pauses.ts). */
  isPaused(line: string): boolean {
    return this.#gateOf(line)?.isPaused ?? false;
  }

  /** The gates of the push services; what waits at the gates of applications is counted in. */
  *entries(): Generator<[flowName: string, snapshot: ReturnType<PushServiceGate['snapshot']>]> {
    for (const [flowName, { gate, passages }] of this.#services) {
      const snapshot = gate.snapshot();
      for (const { application } of passages.values()) snapshot.waiting += application.snapshot().waiting;
      yield [flowName, snapshot];
    }
  }

  /** The applications that a push service throttles so much that nothing of them passes. */
  *throttled(): Generator<{
    flowName: string;
    applicationId: number;
    state: GateState;
    waiting: number;
    reopensAt: number;
  }> {
    for (const [flowName, { passages }] of this.#services) {
      for (const [applicationId, { application }] of passages) {
        if (!application.isClosed) yield { flowName, applicationId, ...application.snapshot() };
      }
    }
  }

  /** All gates. */
  *all(): Generator<GateOf> {
    for (const [flowName, { gate, passages }] of this.#services) {
      yield { gate, flowName, applicationId: undefined };
      for (const [applicationId, { application }] of passages) {
        yield { gate: application, flowName, applicationId };
      }
    }
  }

  /** The clock was set: pauses last as long as they would have. */
  moveWithClock(byMs: number): void {
    for (const { gate, passages } of this.#services.values()) {
      for (const { application } of passages.values()) application.moveWithClock(byMs);
      gate.moveWithClock(byMs);
    }
  }

  /** Ends all waits, and lets nobody pass until `admit`. */
  turnAway(): void {
    this.#isBarred = true;
    for (const { gate, passages } of this.#services.values()) {
      for (const { application } of passages.values()) application.turnAway();
      gate.turnAway();
    }
  }

  /** Ends what `turnAway` began. */
  admit(): void {
    this.#isBarred = false;
  }

  #gateOf(line: string): PushServiceGate | undefined {
    const [flowName = '', applicationId] = line.split(' ');
    const service = this.#services.get(flowName);
    if (applicationId === undefined) return service?.gate;
    return service?.passages.get(Number(applicationId))?.application;
  }

  #serviceOf(flowName: string): Service {
    const known = this.#services.get(flowName);
    if (known) return known;
    const now = this.now();
    forgetIdle(this.#services, (each) => isIdle(each, now));
    const service = { gate: new PushServiceGate(this.isFull, ['transient']), passages: new Map() };
    this.#services.set(flowName, service);
    return service;
  }
}

function isIdle({ gate, passages }: Service, now: number): boolean {
  if (!gate.isIdle(now)) return false;
  for (const { application } of passages.values()) if (!application.isIdle(now)) return false;
  return true;
}
