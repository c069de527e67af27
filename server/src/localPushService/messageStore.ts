import { randomUUID } from 'node:crypto';
import { BoundedList } from './boundedList';
import type { PushChannel, PushMessage, UserAgent, UserAgentConnection } from './userAgent/userAgent';

/** What a user agent said about a message or a subscription; `code` as in the autopush protocol. */
export interface Acknowledgement {
  readonly kind: 'ack' | 'nack' | 'unregister';
  readonly uaid: string;
  readonly channelId: string | undefined;
  readonly messageId: string | undefined;
  readonly code: number;
  readonly at: Date;
}

const heldPerUserAgent = 1000;
const keptAcknowledgements = 10_000;

/**
 * Messages on their way to user agents. A message is handed over at once when its user agent is online,
 * and held until it is acknowledged, cancelled, replaced through its Topic, or its TTL has run out.
 */
export class MessageStore {
  readonly acknowledgements = new BoundedList<Acknowledgement>(keptAcknowledgements);
  private readonly heldById = new Map<string, PushMessage>();

  /** @param nowMs milliseconds; it is never set */
  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  get heldCount(): number {
    return this.heldById.size;
  }

  /** Takes a message; with TTL 0 it is delivered now or dropped (RFC 8030 section 5.2). */
  accept(draft: Omit<PushMessage, 'id' | 'acceptedAtMs'>): PushMessage {
    const message = { ...draft, id: randomUUID(), acceptedAtMs: this.nowMs() };
    const { userAgent } = message.channel;
    if (message.topic !== undefined) this.replaceTopic(message);
    if (message.ttlSeconds > 0) this.hold(message);
    userAgent.connection?.deliver(message);
    return message;
  }

  /** A user agent came online: what was held for it is delivered in order. */
  connect(userAgent: UserAgent, connection: UserAgentConnection): void {
    if (userAgent.connection !== connection) userAgent.connection?.close();
    userAgent.connection = connection;
    this.dropExpired(userAgent);
    for (const message of [...userAgent.held]) connection.deliver(message);
  }

  /** A user agent went offline, unless it already has another connection. */
  disconnect(userAgent: UserAgent, connection: UserAgentConnection): void {
    if (userAgent.connection === connection) userAgent.connection = undefined;
  }

  /** Notes what a user agent said; the newest are kept. */
  acknowledge(acknowledgement: Omit<Acknowledgement, 'at'>): void {
    this.acknowledgements.add({ ...acknowledgement, at: new Date() });
  }

  /** A user agent has received the message (whatever came of it): it is no longer held. */
  settle(userAgent: UserAgent, messageId: string): void {
    const message = this.heldById.get(messageId);
    if (message?.channel.userAgent === userAgent) this.drop(message);
  }

  /** The application server takes an undelivered message back. False when there is none. */
  cancel(messageId: string): boolean {
    const message = this.heldById.get(messageId);
    if (!message) return false;
    this.drop(message);
    return !this.hasExpired(message);
  }

  /** Forgets what is held for a subscription that has ended. */
  dropHeld(channel: PushChannel): void {
    for (const message of [...channel.userAgent.held]) if (message.channel === channel) this.drop(message);
  }

  private hold(message: PushMessage): void {
    const { held } = message.channel.userAgent;
    const [oldest] = held;
    if (held.length >= heldPerUserAgent && oldest) this.drop(oldest);
    message.channel.userAgent.held.push(message);
    this.heldById.set(message.id, message);
  }

  private drop(message: PushMessage): void {
    const { userAgent } = message.channel;
    const at = userAgent.held.indexOf(message);
    if (at >= 0) userAgent.held.splice(at, 1);
    this.heldById.delete(message.id);
  }

  private replaceTopic(message: PushMessage): void {
    const { channel, topic } = message;
    const older = channel.userAgent.held.filter((held) => held.channel === channel && held.topic === topic);
    for (const held of older) this.drop(held);
  }

  private dropExpired(userAgent: UserAgent): void {
    for (const message of [...userAgent.held]) if (this.hasExpired(message)) this.drop(message);
  }

  private hasExpired(message: PushMessage): boolean {
    return message.acceptedAtMs + message.ttlSeconds * 1000 <= this.nowMs();
  }
}
