import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { parseUrl } from '../model/url/parseUrl';
import { errno, PushRefusal } from './pushRefusal';

const dayInSeconds = 86_400;
const keptVerifications = 1000;

const claimsShape = z.object({ aud: z.string(), exp: z.number(), sub: z.string() });
const headerShape = z.object({ typ: z.literal('JWT').optional(), alg: z.literal('ES256') });

/** What is left of a token once its signature has been checked. */
interface VerifiedToken {
  readonly key: string;
  readonly aud: string;
  readonly expSeconds: number;
}

/**
 * Checks VAPID credentials (RFC 8292). A token whose signature once held is remembered, since senders
 * re-use a token for hours; its audience and age are checked again with every request.
 */
export class VapidVerifier {
  private readonly verified = new Map<string, VerifiedToken>();

  /** How many different tokens were verified so far. */
  tokensVerified = 0;

  constructor(private readonly nowMs: () => number = Date.now) {}

  /**
   * In: the Authorization header, the origin that was addressed, the key the subscription is bound to.
   * Out: the VAPID public key (base64url), or undefined when the subscription asks for none.
   * Every fault is refused with 401/109.
   */
  check(authorization: string | undefined, origin: string, subscriptionKey?: string): string | undefined {
    if (authorization === undefined) {
      if (subscriptionKey === undefined) return undefined;
      throw credentialFault('Authorization header is missing');
    }
    const token = this.verified.get(authorization) ?? this.remember(authorization);
    if (token.aud !== origin) throw credentialFault('aud is not the origin of this push service');
    this.checkAge(token.expSeconds);
    if (subscriptionKey !== undefined && token.key !== subscriptionKey) {
      throw credentialFault('VAPID key is not the applicationServerKey of the subscription');
    }
    return token.key;
  }

  private checkAge(expSeconds: number): void {
    const nowSeconds = this.nowMs() / 1000;
    if (expSeconds <= nowSeconds) throw credentialFault('Token has expired');
    if (expSeconds > nowSeconds + dayInSeconds) throw credentialFault('exp is more than 24 hours ahead');
  }

  private remember(authorization: string): VerifiedToken {
    const token = verifyToken(authorization);
    this.tokensVerified += 1;
    if (this.verified.size >= keptVerifications) this.verified.clear();
    this.verified.set(authorization, token);
    return token;
  }
}

function verifyToken(authorization: string): VerifiedToken {
  const { token, key } = parseAuthorization(authorization);
  const [header = '', payload = '', signature = '', ...rest] = token.split('.');
  if (signature === '' || rest.length > 0) throw credentialFault('Token is not a compact JWS');
  if (!headerShape.safeParse(decodeJson(header)).success) {
    throw credentialFault('Token header must name ES256');
  }
  if (!signatureHolds(`${header}.${payload}`, signature, key)) {
    throw credentialFault('Signature does not verify');
  }
  const claims = claimsShape.safeParse(decodeJson(payload));
  if (!claims.success) throw credentialFault('Token must carry aud, exp and sub');
  checkSubject(claims.data.sub);
  return { key, aud: claims.data.aud, expSeconds: claims.data.exp };
}

function parseAuthorization(authorization: string): { token: string; key: string } {
  if (!/^vapid /i.test(authorization)) throw credentialFault('Authorization scheme must be vapid');
  const parameters = new Map(
    authorization
      .slice('vapid '.length)
      .split(',')
      .map((pair) => splitPair(pair.trim())),
  );
  const token = parameters.get('t');
  const key = parameters.get('k');
  if (!token || !key) throw credentialFault('Authorization must carry t and k');
  return { token, key };
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

function signatureHolds(signed: string, signature: string, key: string): boolean {
  const point = Buffer.from(key, 'base64url');
  if (point.length !== 65 || point[0] !== 0x04 || point.toString('base64url') !== key) {
    throw credentialFault('k must be an uncompressed P-256 point in unpadded base64url');
  }
  const x = point.toString('base64url', 1, 33);
  const y = point.toString('base64url', 33);
  try {
    const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
    const bytes = Buffer.from(signature, 'base64url');
    return verify('sha256', Buffer.from(signed), { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes);
  } catch {
    return false; // the point is not on the curve
  }
}

// RFC 8292 leaves sub optional, but services in the field refuse a token without a usable one
function checkSubject(sub: string): void {
  if (/^mailto:[^@\s]+@[^@\s]+$/.test(sub)) return;
  if (/^https:\/\//.test(sub) && parseUrl(sub)) return;
  throw credentialFault('sub must be a mailto: address or an https: URL');
}

function decodeJson(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function credentialFault(message: string): PushRefusal {
  return new PushRefusal(401, errno.credentials, message);
}
