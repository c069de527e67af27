import type { KeyObject } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { Application } from '../../database/entities/application';
import { Refusal } from '../../model/refusal';
import type { RequestContext } from '../context';
import { parsePublicKey } from '../userProof/readConfigureUserProof';
import type { Caller } from './caller';
import { jwtFault, type ProvenClaims, readClaims } from './userProofClaims';

/*
 * Who a browser's user is. In: a publishable key's claim (`userId`) and the X-Fanfare-User header, a JWT that the
 * customer's back end signed with HS256 or ES256, with `sub` = user id and `exp` within 31 days; a token that names an
 * audience must name "fanfare", so that what was issued for another service proves nothing here. Out: the user id
 * that may be stored. Secret keys belong to back ends and are believed.
 */

export interface ProvenUser {
  /** To store; undefined when no user was named. */
  readonly userId: string | null | undefined;
  readonly isProven: boolean;
  /** Protected tags that the token grants; undefined: it does not say. */
  readonly tags: readonly string[] | undefined;
}

type ProofAlgorithm = 'HS256' | 'ES256';

const clockToleranceSeconds = 30;

/**
 * @param userId what the caller says; null, that it belongs to nobody from now on, needs no proof
 * @returns the user id to store, undefined when nobody was named, and whether a token proved it
 * @throws Refusal UNAUTHENTICATED without a valid proof where one is needed, FORBIDDEN when it proves somebody else
 */
export async function proveUser(
  context: RequestContext,
  caller: Caller,
  userId: string | null | undefined,
): Promise<ProvenUser> {
  const unchecked = { userId, isProven: false, tags: undefined };
  if (caller.kind === 'SECRET' || userId === null) return unchecked;
  const token = context.userToken;
  if (userId === undefined && token === undefined) return unchecked;
  const { entities } = context.parts.database;
  const application = await entities.findOneByOrFail(Application, { id: caller.applicationId });
  const canVerify = application.userProofSecret !== null || application.userProofPublicKey !== null;
  if (token === undefined || (!canVerify && !application.requireUserProof)) {
    if (application.requireUserProof) throw unproven('Naming a user needs the X-Fanfare-User header.');
    return unchecked;
  }
  const { userId: subject, tags } = await provenClaims(token, application, context);
  if (userId === undefined || userId === subject) return { userId: subject, isProven: true, tags };
  throw new Refusal('FORBIDDEN', 'The X-Fanfare-User token was issued to another user.', ['input', 'userId']);
}

async function provenClaims(
  token: string,
  application: Application,
  context: RequestContext,
): Promise<ProvenClaims> {
  const algorithm = algorithmOf(token);
  const key = algorithm && verificationKey(application, algorithm, context);
  if (!key) throw unproven('The X-Fanfare-User token is not signed in a way this application accepts.');
  const now = context.parts.database.now();
  const claims = await verifiedClaims(token, { key, algorithm, now });
  const result = readClaims(claims, now / 1_000, clockToleranceSeconds);
  if ('fault' in result) throw unproven(result.fault);
  return result;
}

async function verifiedClaims(
  token: string,
  by: { key: Uint8Array | KeyObject; algorithm: ProofAlgorithm; now: number },
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, by.key, {
      algorithms: [by.algorithm],
      currentDate: new Date(by.now),
      requiredClaims: ['sub', 'exp'],
      clockTolerance: clockToleranceSeconds,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw unproven(jwtFault(error));
    throw error;
  }
}

/** The key decides what it verifies, so that a public key is never taken for a shared secret. */
function verificationKey(
  application: Application,
  algorithm: ProofAlgorithm,
  context: RequestContext,
): Uint8Array | KeyObject | undefined {
  const { userProofSecret, userProofPublicKey } = application;
  if (algorithm === 'HS256') {
    return userProofSecret === null ? undefined : context.parts.userProofBox.open(userProofSecret);
  }
  return userProofPublicKey === null ? undefined : parsePublicKey(userProofPublicKey);
}

function algorithmOf(token: string): ProofAlgorithm | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString());
    const alg = typeof header === 'object' && header !== null && 'alg' in header ? header.alg : undefined;
    return alg === 'HS256' || alg === 'ES256' ? alg : undefined;
  } catch {
    return undefined;
  }
}

function unproven(message: string): Refusal {
  return new Refusal('UNAUTHENTICATED', message, ['input', 'userId']);
}
