import { sign } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { PushServiceName } from '../../model/pushService';
import type { VapidSigningKey } from './vapidSigningKey';

/** RFC 8292 section 2 allows 24 h; half of it leaves room for clocks that are wrong. */
const lifetimeMs = 12 * 3_600_000;

/** Tokens are renewed at half their life, spread over an hour so that not all are due together. */
const renewAfterMs = lifetimeMs / 2;
const renewSpreadMs = 3_600_000;

/** One younger than this counts as fresh: another would be refused no less. */
const freshForMs = 60_000;
/** Apple takes a new token once in an hour at most. */
const freshForAppleMs = 3_600_000;

const maxTokens = 10_000;

const jwtHeader = Buffer.from('{"typ":"JWT","alg":"ES256"}').toString('base64url');

interface VapidToken {
  readonly authorization: string;
  readonly signedAt: number;
  readonly renewAt: number;
}

/**
 * The `Authorization` values of RFC 8292, one for each (push service origin, VAPID key) and kept for hours:
 * signing anew for every message costs more than encrypting it.
 */
export class VapidTokens {
  private readonly tokens: LRUCache<string, VapidToken>;

  constructor(
    private readonly random: () => number = Math.random,
    capacity = maxTokens,
  ) {
    this.tokens = new LRUCache({ max: capacity });
  }

  /**
   * `vapid t=<JWT>, k=<public key>` for one push service origin (`https://push.example.org`), signed now or
   * up to seven hours ago.
   */
  authorization(origin: string, key: VapidSigningKey, nowMs: number): string {
    const name = tokenName(origin, key.keyId);
    const kept = this.tokens.get(name);
    // A clock that was set back makes a token from the future, which no push service takes.
    if (kept !== undefined && kept.signedAt <= nowMs && nowMs < kept.renewAt) return kept.authorization;
    const token = this.signToken(origin, key, nowMs);
    this.tokens.set(name, token);
    return token.authorization;
  }

  /**
   * Drops the token, so that the next one is signed afresh; to be called when a push service refused it. A
   * token signed within the last minute, for Apple the last hour, is fresh already and stays.
   */
  forget(pushService: PushServiceName, origin: string, keyId: VapidSigningKey['keyId'], nowMs: number): void {
    const name = tokenName(origin, keyId);
    const kept = this.tokens.get(name);
    const freshMs = pushService === 'apple' ? freshForAppleMs : freshForMs;
    if (kept !== undefined && Math.abs(nowMs - kept.signedAt) >= freshMs) this.tokens.delete(name);
  }

  private signToken(origin: string, key: VapidSigningKey, nowMs: number): VapidToken {
    const exp = Math.floor((nowMs + lifetimeMs) / 1000);
    const renewAt = nowMs + renewAfterMs + Math.floor(this.random() * renewSpreadMs);
    return { authorization: vapidAuthorization(origin, key, exp), signedAt: nowMs, renewAt };
  }
}

/** The `Authorization` value with a newly signed ES256 token. `exp` is in seconds since 1970. */
export function vapidAuthorization(origin: string, key: VapidSigningKey, exp: number): string {
  // JSON leaves an undefined `sub` out.
  const claims = JSON.stringify({ aud: origin, exp, sub: key.subject });
  const signed = `${jwtHeader}.${Buffer.from(claims).toString('base64url')}`;
  const signature = sign('sha256', Buffer.from(signed), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `vapid t=${signed}.${signature.toString('base64url')}, k=${key.publicKey}`;
}

function tokenName(origin: string, keyId: VapidSigningKey['keyId']): string {
  return `${keyId} ${origin}`;
}
