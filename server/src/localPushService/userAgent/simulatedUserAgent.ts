import { createECDH, randomBytes } from 'node:crypto';
import { BoundedList } from '../boundedList';
import type { MessageStore } from '../messageStore';
import { messageWait } from '../messageWait';
import type { PushUrgency } from '../pushHeaders';
import type { Subscriptions } from '../subscriptions';
import { decryptMessage, type SubscriptionKeys } from './decryptMessage';
import type { PushChannel, PushMessage, UserAgent, UserAgentConnection } from './userAgent';

/** `PushSubscription.toJSON()` of the W3C Push API. */
export interface PushSubscriptionJson {
  readonly endpoint: string;
  readonly expirationTime: null;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** A push message as a service worker would get it. */
export interface ReceivedMessage {
  /** Decrypted UTF-8 text; null for a push without a body. */
  readonly plaintext: string | null;
  /** The push endpoint it came in by. */
  readonly subscription: string;
  readonly receivedAt: Date;
  readonly topic: string | undefined;
  readonly urgency: PushUrgency;
  /** Lifetime it was accepted with. */
  readonly ttlSeconds: number;
  readonly messageId: string;
}

export interface DecryptionFailure {
  readonly messageId: string;
  readonly subscription: string;
  readonly reason: string;
  readonly at: Date;
}

export interface SimulatedUserAgentOptions {
  /** False makes a sink: messages are counted and dropped, neither decrypted nor kept. Default true. */
  readonly decrypt?: boolean | undefined;
  /** Origin its push endpoints begin with, another name of this service; default is the service's url. */
  readonly origin?: string | undefined;
  /** Default true. */
  readonly online?: boolean | undefined;
}

export interface SimulatedUserAgentDeps {
  readonly subscriptions: Subscriptions;
  readonly messages: MessageStore;
  readonly origin: string;
}

interface OwnSubscription {
  readonly endpoint: string;
  readonly keys: SubscriptionKeys;
}

const keptMessages = 10_000;

/** A browser without a browser: subscribes, goes offline and online, receives and decrypts in memory. */
export class SimulatedUserAgent {
  /** Messages seen so far, those that did not decrypt included. */
  receivedCount = 0;
  private readonly userAgent: UserAgent;
  private readonly own = new Map<PushChannel, OwnSubscription>();
  private readonly messages = new BoundedList<ReceivedMessage>(keptMessages);
  private readonly failures = new BoundedList<DecryptionFailure>(keptMessages);
  private readonly wait = messageWait(() => this.receivedCount);

  constructor(
    private readonly parts: SimulatedUserAgentDeps,
    private readonly options: SimulatedUserAgentOptions = {},
  ) {
    this.userAgent = parts.subscriptions.addUserAgent(true);
    if (options.online !== false) this.goOnline();
  }

  get uaid(): string {
    return this.userAgent.uaid;
  }

  get online(): boolean {
    return this.userAgent.connection !== undefined;
  }

  /** The newest messages, oldest first. */
  get received(): ReceivedMessage[] {
    return this.messages.list();
  }

  get decryptionFailures(): DecryptionFailure[] {
    return this.failures.list();
  }

  /** Makes a push subscription with keys of its own, bound to a VAPID public key (base64url) if one is given. */
  subscribe(applicationServerKey?: string): PushSubscriptionJson {
    const key = applicationServerKey?.replaceAll('=', '');
    const channel = this.parts.subscriptions.register(this.userAgent, key);
    const endpoint = `${this.parts.origin}/wpush/v2/${channel.token}`;
    const keys = createSubscriptionKeys();
    this.own.set(channel, { endpoint, keys });
    const p256dh = keys.publicKey.toString('base64url');
    return { endpoint, expirationTime: null, keys: { p256dh, auth: keys.authSecret.toString('base64url') } };
  }

  /** Ends the subscription with this endpoint, or all when none is named; its endpoint answers 410 then. */
  unsubscribe(endpoint?: string): void {
    for (const [channel, own] of this.own) {
      if (endpoint !== undefined && own.endpoint !== endpoint) continue;
      this.parts.subscriptions.unregister(this.userAgent, channel.channelId);
      this.own.delete(channel);
    }
  }

  /** From now on messages are held by the push service. */
  goOffline(): void {
    this.userAgent.connection = undefined;
  }

  /** Messages that were held and are still alive arrive now, in order. */
  goOnline(): void {
    if (this.online) return;
    const connection: UserAgentConnection = {
      deliver: (message) => this.deliver(message, connection),
      close: () => this.goOffline(),
    };
    this.parts.messages.connect(this.userAgent, connection);
  }

  /** Waits until `count` messages have been seen since the start; rejects after `timeoutMs`. */
  async waitForMessages(count: number, timeoutMs = 5000): Promise<ReceivedMessage[]> {
    await this.wait.until(count, timeoutMs);
    return this.received;
  }

  private count(message: PushMessage): void {
    this.receivedCount += 1;
    this.parts.messages.settle(this.userAgent, message.id);
    this.wait.check();
  }

  private deliver(message: PushMessage, connection: UserAgentConnection): void {
    if (this.options.decrypt === false) this.count(message);
    // after the push service has answered; a connection that ended meanwhile takes nothing any more
    else setImmediate(() => this.userAgent.connection === connection && this.receive(message));
  }

  private receive(message: PushMessage): void {
    const own = this.own.get(message.channel);
    if (!own) return;
    const code = this.keep(message, own);
    const { uaid } = this;
    const { id: messageId, channel } = message;
    this.parts.messages.acknowledge({ kind: 'ack', uaid, channelId: channel.channelId, messageId, code });
    this.count(message);
  }

  // codes of the autopush protocol: 100 received, 101 cannot be decrypted
  private keep(message: PushMessage, { endpoint, keys }: OwnSubscription): number {
    const { id: messageId, topic, urgency, ttlSeconds } = message;
    const shared = { subscription: endpoint, messageId };
    const decryption = message.body.length === 0 ? undefined : decryptMessage(message.body, keys);
    if (decryption && 'failure' in decryption) {
      this.failures.add({ ...shared, reason: decryption.failure, at: new Date() });
      return 101;
    }
    const plaintext = decryption?.plaintext.toString('utf8') ?? null;
    this.messages.add({ ...shared, plaintext, receivedAt: new Date(), topic, urgency, ttlSeconds });
    return 100;
  }
}

function createSubscriptionKeys(): SubscriptionKeys {
  const pair = createECDH('prime256v1');
  const publicKey = pair.generateKeys();
  // a private key may begin with zero bytes, which getPrivateKey leaves out
  const privateKey = Buffer.alloc(32);
  const scalar = pair.getPrivateKey();
  scalar.copy(privateKey, 32 - scalar.length);
  return { privateKey, publicKey, authSecret: randomBytes(16) };
}
