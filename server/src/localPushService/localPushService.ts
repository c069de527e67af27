import type { ScriptedAnswer } from './control/scriptedAnswers';
import type { Acknowledgement } from './messageStore';
import type { PushRequestStats, SeenPushRequest } from './pushRequestLog';
import type { SimulatedUserAgent, SimulatedUserAgentOptions } from './userAgent/simulatedUserAgent';

export interface LocalPushServiceStats extends PushRequestStats {
  readonly userAgents: number;
  readonly subscriptions: number;
  readonly heldMessages: number;
  /** Different VAPID tokens whose signature was checked. */
  readonly vapidTokensVerified: number;
}

export interface LocalPushService {
  /** `http(s)://localhost:<port>`, or the public origin. */
  readonly url: string;
  readonly port: number;
  /** For Firefox's `dom.push.serverURL`. */
  readonly webSocketUrl: string;
  /** The newest push requests, oldest first. */
  readonly requests: SeenPushRequest[];
  /** What user agents acknowledged and refused, the newest, oldest first. */
  readonly acknowledgements: Acknowledgement[];
  createUserAgent(options?: SimulatedUserAgentOptions): SimulatedUserAgent;
  /** Forgets a user agent: its subscriptions end, and a browser notices at its next hello. False if unknown. */
  forgetUserAgent(uaid: string): boolean;
  /** Puts a fault or answer in force for coming push requests. */
  script(answer: ScriptedAnswer): void;
  clearScripts(): void;
  stats(): LocalPushServiceStats;
  /** Clears scripts, requests, acknowledgements and counts; user agents and subscriptions stay. */
  reset(): void;
  stop(): Promise<void>;
}
