import { join } from 'node:path';
import { ForkedPeer } from '../forkedPeer';

export interface AttackOrder {
  /** One of `attacks`. */
  readonly attack: string;
  readonly url: string;
  readonly durationMs: number;
}

export interface Attacker {
  /** Resolves to what came of it when it is over. */
  attack(order: AttackOrder): Promise<Record<string, number>>;
  stop(): Promise<void>;
}

/** It gets the CPU that the others leave: in the world it is another machine. */
const attackerPriority = 10;

export async function startAttacker(): Promise<Attacker> {
  const peer = await ForkedPeer.start(join(__dirname, 'attacker.js'), {}, attackerPriority);
  return { attack: (order) => peer.ask(order), stop: () => peer.stop() };
}
