import { errors, type JWTPayload } from 'jose';
import { maxUserIdLength } from '../audience/readAudience';
import { nameFault } from '../fields';

/*
 * What the claims of a verified X-Fanfare-User token say. In: JSON that a customer's back end signed; every member can
 * have any type. Out: the user id, or one sentence about what is wrong with the token.
 */

export const ourAudience = 'fanfare';

/** A token is a proof for one session. Without a limit, a leaked token would name its user for ever. */
export const maxLifetimeDays = 31;
const maxLifetimeSeconds = maxLifetimeDays * 24 * 3_600;

export type ClaimsResult = ProvenClaims | { readonly fault: string };

export interface ProvenClaims {
  readonly userId: string;
  /** Protected tags that the user may have; undefined: the token does not say. */
  readonly tags: readonly string[] | undefined;
}

/**
 * @param claims from a token whose signature, `exp` and `nbf` were checked
 * @param nowSeconds since 1970
 */
export function readClaims(claims: JWTPayload, nowSeconds: number, toleranceSeconds: number): ClaimsResult {
  const { sub, exp, aud, tags }: Readonly<Record<string, unknown>> = claims;
  if (typeof exp !== 'number' || !(exp <= nowSeconds + maxLifetimeSeconds + toleranceSeconds)) {
    return {
      fault: `The X-Fanfare-User token must expire within ${maxLifetimeDays} days: set "exp" accordingly.`,
    };
  }
  if (!namesUs(aud)) {
    return { fault: `The "aud" claim of the X-Fanfare-User token must be absent or name "${ourAudience}".` };
  }
  if (typeof sub !== 'string') {
    return { fault: 'The "sub" claim of the X-Fanfare-User token must be a string: the user id.' };
  }
  if (tags !== undefined && !isTagList(tags)) {
    return { fault: 'The "tags" claim of the X-Fanfare-User token must be an array of strings.' };
  }
  // stored like any user id, so it must be one that can be asked for and forgotten
  const fault = nameFault(sub, maxUserIdLength);
  return fault === undefined
    ? { userId: sub, tags }
    : { fault: `The "sub" claim of the X-Fanfare-User token is not a user id: ${fault}` };
}

/** Says what jose found wrong with a token. The signature is checked first, so only its signer learns about claims. */
export function jwtFault(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The X-Fanfare-User token has expired.';
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'The X-Fanfare-User token is not valid.';
  const { claim, reason } = error;
  if (reason === 'missing') return `The X-Fanfare-User token has no "${claim}" claim.`;
  if (reason === 'invalid') {
    return `The "${claim}" claim of the X-Fanfare-User token must be a number: seconds since 1970.`;
  }
  return `The X-Fanfare-User token is not valid yet: see its "${claim}" claim.`;
}

function isTagList(tags: unknown): tags is string[] {
  return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string');
}

function namesUs(audience: unknown): boolean {
  if (audience === undefined) return true;
  return Array.isArray(audience) ? audience.includes(ourAudience) : audience === ourAudience;
}
