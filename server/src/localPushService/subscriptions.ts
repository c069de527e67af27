import { randomBytes, randomUUID } from 'node:crypto';
import type { PushChannel, UserAgent } from './userAgent/userAgent';

export interface SubscriptionListeners {
  /** A subscription of a browser, not of a simulated user agent, came or went. */
  onBrowserChange?(): void;
  /** A subscription has ended. */
  onEnd?(channel: PushChannel): void;
}

const keptGoneTokens = 100_000;

/** Every user agent and push subscription of the service, kept in memory. */
export class Subscriptions {
  readonly userAgents = new Map<string, UserAgent>();
  /** Tokens of subscriptions that ended: they answer 410 and not 404. */
  readonly goneTokens = new Set<string>();
  private readonly byToken = new Map<string, PushChannel>();

  constructor(private readonly listeners: SubscriptionListeners = {}) {}

  get subscriptionCount(): number {
    return this.byToken.size;
  }

  addUserAgent(simulated: boolean, uaid = randomBytes(16).toString('hex')): UserAgent {
    const userAgent = { uaid, simulated, channels: new Map(), held: [], connection: undefined };
    this.userAgents.set(uaid, userAgent);
    return userAgent;
  }

  /** Makes a subscription, or gives the one there is when the same channel asks again with the same key. */
  register(
    userAgent: UserAgent,
    applicationServerKey?: string,
    channelId: string = randomUUID(),
  ): PushChannel {
    const present = userAgent.channels.get(channelId);
    if (present && present.applicationServerKey === applicationServerKey) return present;
    if (present) this.end(present);
    const token = randomBytes(24).toString('base64url');
    const channel = this.restore({ channelId, token, userAgent, applicationServerKey });
    this.changed(userAgent);
    return channel;
  }

  /** Puts back a subscription whose token is known already. */
  restore(channel: PushChannel): PushChannel {
    channel.userAgent.channels.set(channel.channelId, channel);
    this.byToken.set(channel.token, channel);
    return channel;
  }

  /** Ends one subscription; its endpoint answers 410 from now on. False when there is none. */
  unregister(userAgent: UserAgent, channelId: string): boolean {
    const channel = userAgent.channels.get(channelId);
    if (!channel) return false;
    this.end(channel);
    this.changed(userAgent);
    return true;
  }

  /** Forgets a user agent and ends its subscriptions. A browser then notices it at its next hello. */
  forget(userAgent: UserAgent): void {
    for (const channel of userAgent.channels.values()) this.end(channel);
    this.userAgents.delete(userAgent.uaid);
    userAgent.connection?.close();
    this.changed(userAgent);
  }

  find(token: string): PushChannel | 'gone' | undefined {
    return this.byToken.get(token) ?? (this.goneTokens.has(token) ? 'gone' : undefined);
  }

  private end(channel: PushChannel): void {
    channel.userAgent.channels.delete(channel.channelId);
    this.byToken.delete(channel.token);
    this.goneTokens.add(channel.token);
    const [oldest] = this.goneTokens;
    if (this.goneTokens.size > keptGoneTokens && oldest !== undefined) this.goneTokens.delete(oldest);
    this.listeners.onEnd?.(channel);
  }

  private changed(userAgent: UserAgent): void {
    if (!userAgent.simulated) this.listeners.onBrowserChange?.();
  }
}
