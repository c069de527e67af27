import type { IncomingHttpHeaders } from 'node:http';
import type { MessageStore } from './messageStore';
import { parseTopic, parseTtl, parseUrgency } from './pushHeaders';
import { errno, PushRefusal, type PushReply, refusalReply } from './pushRefusal';
import type { Subscriptions } from './subscriptions';
import { checkEncryptedBody } from './userAgent/encryptedBody';
import type { PushChannel } from './userAgent/userAgent';
import type { VapidVerifier } from './verifyVapid';

/** One `POST` to a push endpoint, read from the wire. */
export interface PushRequest {
  /** Last part of the push endpoint's path. */
  readonly token: string;
  /** scheme://host[:port] as the sender addressed this service; VAPID's `aud` has to equal it. */
  readonly origin: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface AcceptanceDeps {
  readonly subscriptions: Subscriptions;
  readonly messages: MessageStore;
  readonly vapid: VapidVerifier;
  /** Also apply Apple's rule that a Topic must decode as base64url. */
  readonly appleTopicRule: boolean;
}

/**
 * Checks a push request as strictly as any push service in the field does and takes the message.
 * Answers 201 with Location and TTL (RFC 8030 section 5), or 4xx in autopush's JSON shape.
 */
export function acceptPushMessage(request: PushRequest, parts: AcceptanceDeps): PushReply {
  try {
    return takeMessage(request, parts);
  } catch (error) {
    if (error instanceof PushRefusal) return refusalReply(error);
    throw error;
  }
}

function takeMessage({ token, origin, headers, body }: PushRequest, parts: AcceptanceDeps): PushReply {
  const channel = findChannel(token, parts.subscriptions);
  const vapidKey = parts.vapid.check(headers.authorization, origin, channel.applicationServerKey);
  const ttlSeconds = parseTtl(oneValue(headers.ttl));
  const urgency = parseUrgency(oneValue(headers.urgency));
  const topic = parseTopic(oneValue(headers.topic), parts.appleTopicRule);
  checkEncryptedBody(body, headers, vapidKey);
  const message = parts.messages.accept({ channel, body, ttlSeconds, urgency, topic });
  const location = `${origin}/m/${message.id}`;
  return { status: 201, headers: { location, ttl: String(ttlSeconds) }, body: '' };
}

function findChannel(token: string, subscriptions: Subscriptions): PushChannel {
  const channel = subscriptions.find(token);
  if (channel === 'gone') throw new PushRefusal(410, errno.unsubscribed, 'Subscription has ended');
  if (!channel) throw new PushRefusal(404, errno.unknownSubscription, 'No such subscription');
  return channel;
}

// a header given twice arrives joined by commas, which every parser then refuses
function oneValue(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
