import type { PushUrgency } from '../pushHeaders';

/** The way to a user agent that is online: a browser's WebSocket or a simulated user agent. */
export interface UserAgentConnection {
  deliver(message: PushMessage): void;
  close(): void;
}

export interface UserAgent {
  /** 32 hexadecimal digits, as browsers know themselves to a push service. */
  readonly uaid: string;
  readonly simulated: boolean;
  readonly channels: Map<string, PushChannel>;
  /** Messages not yet acknowledged, in the order of their acceptance. */
  readonly held: PushMessage[];
  connection: UserAgentConnection | undefined;
}

/** A push subscription as the push service sees it. */
export interface PushChannel {
  readonly channelId: string;
  /** The secret part of the push endpoint. */
  readonly token: string;
  readonly userAgent: UserAgent;
  /** base64url, unpadded; undefined when the subscription was made without a key. */
  readonly applicationServerKey: string | undefined;
}

/** One push message as it was accepted, still encrypted. */
export interface PushMessage {
  /** Names the message resource `/m/<id>` and is the `version` a browser acknowledges. */
  readonly id: string;
  readonly channel: PushChannel;
  readonly body: Buffer;
  readonly ttlSeconds: number;
  readonly urgency: PushUrgency;
  readonly topic: string | undefined;
  readonly acceptedAtMs: number;
}
