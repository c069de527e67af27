import type { Engine } from './installation';
import type { Scene } from './scene';

/** One way to hurt an installation in the middle of a broadcast. */
export interface Fault {
  readonly name: string;
  readonly engine: Engine;
  /** The ways to database and broker go through proxies that can be cut. */
  readonly throughProxies?: boolean;
  /** The share of the browsers that are at the push service which is hurt; the rest are at the healthy one. */
  readonly hurtShare: number;
  /** `before` the call that sends, or once the broadcast is `under way`. */
  readonly begins: 'before' | 'under way';
  /** How long each push service takes to answer while it is well. */
  readonly delayMs?: number;
  /** Does the harm and mends it; resolves when all that was harmed may work again. @returns what it saw, in words */
  play(scene: Scene): Promise<string | undefined>;
  /** No delivery may be posted twice. */
  readonly neverDoubles?: boolean;
  /** Looks for more than the invariants. @returns what is wrong */
  judge?(scene: Scene): Promise<string[]>;
}
