import { z } from 'zod';
import type { IdKind } from '../../model/ids/idScheme';
import type { PublicIds } from '../../model/ids/publicIds';
import { Refusal } from '../../model/refusal';

/*
 * What was taken back in an installation, as lines that outlive its database: JSON objects, one a line.
 *   {"kind":"api-key","id":"key_..."}               the key was revoked
 *   {"kind":"application","id":"app_..."}           the application was stopped
 *   {"kind":"notification","id":"ntf_..."}          the notification was cancelled
 *   {"kind":"push-subscription","id":"sub_..."}     the browser unsubscribed, or an operator retired it
 *   {"kind":"vapid-key","id":"vpk_..."}             the VAPID key was retired
 *   {"kind":"user-left","id":"sub_...","at":"2026-11-30T21:30:00.000Z"}
 *                                                   the browser stopped belonging to its user
 *   {"kind":"person","application":"app_...","userHash":"...","at":"2026-11-30T21:30:00.000Z"}
 *                                                   the user was forgotten (deletePerson)
 *   {"kind":"person","application":"app_...","userId":"..."}
 *                                                   the same, written by hand
 * The last two kinds have a time because what they undo can be done again: a user who came back before the backup stays.
 */

const kindsOfId = {
  'api-key': 'apiKey',
  application: 'application',
  notification: 'notification',
  'push-subscription': 'subscription',
  'user-left': 'subscription',
  'vapid-key': 'vapidKey',
} as const satisfies Record<string, Exclude<IdKind, 'delivery'>>;

export type RevokedKind = keyof typeof kindsOfId;

const revokedKinds = Object.keys(kindsOfId) as RevokedKind[];

/** A row that was taken back, by its number. */
export interface RevokedRow {
  readonly kind: RevokedKind;
  readonly rowId: number;
  /** Of `user-left`: when. */
  readonly at?: number;
}

/** A user who was forgotten: by a hash of `PersonHashes`, or by id. */
export interface ErasedPerson {
  readonly kind: 'person';
  readonly applicationId: number;
  readonly user: { readonly hash: Buffer; readonly erasedAt: number } | { readonly id: string };
}

export type Revocation = RevokedRow | ErasedPerson;

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const lineShape = z.union([
  z.strictObject({ kind: z.enum(revokedKinds).exclude(['user-left']), id: z.string() }),
  z.strictObject({ kind: z.literal('user-left'), id: z.string(), at: time }),
  z.strictObject({ kind: z.literal('person'), application: z.string(), userId: z.string().min(1) }),
  z.strictObject({
    kind: z.literal('person'),
    application: z.string(),
    // 32 bytes
    userHash: z.string().regex(/^[\w-]{43}$/),
    at: time,
  }),
]);

const shownFaults = 10;

export function revocationLine(revocation: Revocation, ids: PublicIds): string {
  if (revocation.kind !== 'person') {
    const { kind, rowId, at } = revocation;
    const id = ids.encode(kindsOfId[kind], rowId);
    return JSON.stringify({ kind, id, ...(at === undefined ? {} : { at: new Date(at) }) });
  }
  const { kind, applicationId, user } = revocation;
  const named =
    'id' in user
      ? { userId: user.id }
      : { userHash: user.hash.toString('base64url'), at: new Date(user.erasedAt) };
  return JSON.stringify({ kind, application: ids.encode('application', applicationId), ...named });
}

/**
 * Reads a whole file. Empty lines are skipped.
 * @throws Refusal BAD_USER_INPUT that names the lines at fault, if there is one
 */
export function parseRevocations(text: string, ids: PublicIds): Revocation[] {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const read = lines
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => ({ number, revocation: parseLine(line, ids) }));
  const faults = read.filter(({ revocation }) => revocation === undefined).map(({ number }) => number);
  if (faults.length > 0) {
    const more = faults.length > shownFaults ? ` and ${faults.length - shownFaults} more` : '';
    throw new Refusal(
      'BAD_USER_INPUT',
      `The file has lines that are not revocations of this installation: line ${faults.slice(0, shownFaults).join(', ')}${more}. Nothing was applied.`,
    );
  }
  return read.flatMap(({ revocation }) => revocation ?? []);
}

function parseLine(line: string, ids: PublicIds): Revocation | undefined {
  const { data } = lineShape.safeParse(parseJson(line));
  if (data === undefined) return undefined;
  if (data.kind !== 'person') {
    const rowId = ids.decodeOne(kindsOfId[data.kind], data.id);
    if (rowId === undefined) return undefined;
    return { kind: data.kind, rowId, ...('at' in data ? { at: data.at } : {}) };
  }
  const applicationId = ids.decodeOne('application', data.application);
  if (applicationId === undefined) return undefined;
  const user =
    'userId' in data
      ? { id: data.userId }
      : { hash: Buffer.from(data.userHash, 'base64url'), erasedAt: data.at };
  return { kind: 'person', applicationId, user };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
