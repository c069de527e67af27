import { forgetIdle } from './forgetIdle';

/*
 * When a push service refuses our VAPID token for several subscriptions whose messages it accepted before, the fault is
 * our key or configuration, not theirs: the key's deliveries to that service are held back, one alarm is raised, and
 * nothing is rejected or retired. One delivery at a time probes whether the fault is gone.
 *
 * A subscription for which nothing was ever accepted says nothing about the key: anybody with the publishable key can
 * register one that is always refused. Its refusal neither holds the key nor prolongs a hold.
 */

/** So many different subscriptions in a row must be refused: a single one may be at fault itself. */
const refusalsToHold = 5;
/** As many are remembered, so that none of them is the probe. */
const mostRefused = 1_000;
const firstHoldMs = 60_000;
const maxHoldMs = 600_000;
/** Longer than any POST takes: a probe that is silent for so long is never heard of again. */
const probeSilenceMs = 15_000;
/** The others look again so soon whether the probe was taken. */
const lookAgainMs = 3_000;
/** The probe is a subscription that was accepted before and not refused since; for so long one is waited for. */
const goodProbeMs = 30_000;
/** What waits asks again when the hold is over: when so long nobody has, nobody does, as after the key was retired. */
const quietMs = 60_000;

/** A delivery that is signed with a key. */
export interface KeyUse {
  readonly vapidKeyId: number;
  /** Where it goes (flowName.ts). */
  readonly flowName: string;
  readonly subscriptionId: number;
  /** Whether a message was ever accepted for this subscription. */
  readonly everAccepted: boolean;
}

interface Suspicion {
  /** Subscriptions refused since the last accept, all of which were accepted before. */
  readonly refused: Set<number>;
  /** Milliseconds since 1970; 0 while the key is not held. */
  heldUntil: number;
  holds: number;
  /** Until then the answer to a probe is waited for; a probe that is never heard of again is followed by another. */
  probeUntil: number;
  /** When a delivery last wanted to go. */
  askedAt: number;
}

export class KeyHolds {
  readonly #suspicions = new Map<string, Suspicion>();

  /** @param onHold told once when a key is first held, and of nothing until it works again */
  constructor(private readonly onHold: (pushService: string, vapidKeyId: number) => void) {}

  /** The clock was set: holds last as long as they would have. */
  moveWithClock(byMs: number): void {
    for (const suspicion of this.#suspicions.values()) {
      // 0 stands for a key that is not held
      if (suspicion.heldUntil > 0) suspicion.heldUntil += byMs;
      suspicion.probeUntil += byMs;
      suspicion.askedAt += byMs;
    }
  }

  /** Until when a delivery must wait, in milliseconds since 1970; undefined when it may go, perhaps as the probe. */
  admitOrProbe(use: KeyUse, now: number): number | undefined {
    if (this.#suspicions.size === 0) return undefined;
    const suspicion = this.#suspicions.get(nameOf(use.vapidKeyId, use.flowName));
    if (!suspicion || suspicion.heldUntil === 0) return undefined;
    suspicion.askedAt = now;
    if (now < suspicion.heldUntil) return suspicion.heldUntil;
    if (now < suspicion.probeUntil) return Math.min(suspicion.probeUntil, now + lookAgainMs);
    const isGoodProbe = use.everAccepted && !suspicion.refused.has(use.subscriptionId);
    if (!isGoodProbe && now < suspicion.heldUntil + goodProbeMs) return now + lookAgainMs;
    suspicion.probeUntil = now + probeSilenceMs;
    return undefined;
  }

  /** As `heldUntil`, for a delivery that was let go and has waited for something else since. */
  heldUntil(vapidKeyId: number, flowName: string, now: number): number | undefined {
    const suspicion = this.#suspicions.get(nameOf(vapidKeyId, flowName));
    return suspicion && now < suspicion.heldUntil ? suspicion.heldUntil : undefined;
  }

  /** The push service refused our token. @returns until when the key is held, undefined when it is not */
  refused(use: KeyUse, now: number): number | undefined {
    const { vapidKeyId, flowName, subscriptionId, everAccepted } = use;
    if (!everAccepted) {
      this.undecided(vapidKeyId, flowName);
      return undefined;
    }
    const name = nameOf(vapidKeyId, flowName);
    const suspicion = this.#suspicions.get(name) ?? this.#begin(name, now);
    if (suspicion.refused.size < mostRefused) suspicion.refused.add(subscriptionId);
    if (suspicion.refused.size < refusalsToHold) return undefined;
    if (suspicion.heldUntil === 0) this.onHold(flowName, vapidKeyId);
    if (now >= suspicion.heldUntil) {
      suspicion.heldUntil = now + Math.min(maxHoldMs, firstHoldMs * 2 ** suspicion.holds);
      suspicion.holds += 1;
    }
    suspicion.probeUntil = 0;
    return suspicion.heldUntil;
  }

  #begin(name: string, now: number): Suspicion {
    forgetIdle(this.#suspicions, ({ heldUntil }) => heldUntil < now - maxHoldMs);
    const suspicion = { refused: new Set<number>(), heldUntil: 0, holds: 0, probeUntil: 0, askedAt: now };
    this.#suspicions.set(name, suspicion);
    return suspicion;
  }

  /** The push service took a message signed with this key. */
  accepted(vapidKeyId: number, flowName: string): void {
    if (this.#suspicions.size > 0) this.#suspicions.delete(nameOf(vapidKeyId, flowName));
  }

  /** A probe ended without a word about the key: another may go. */
  undecided(vapidKeyId: number, flowName: string): void {
    const suspicion = this.#suspicions.get(nameOf(vapidKeyId, flowName));
    if (suspicion) suspicion.probeUntil = 0;
  }

  /** Flow names for which deliveries wait because some key is held. */
  held(now: number): string[] {
    return [...this.#suspicions]
      .filter(([, { heldUntil, askedAt }]) => heldUntil > 0 && now < Math.max(heldUntil, askedAt) + quietMs)
      .map(([name]) => name.slice(name.indexOf(' ') + 1));
  }
}

function nameOf(vapidKeyId: number, flowName: string): string {
  return `${vapidKeyId} ${flowName}`;
}
