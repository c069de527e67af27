import type { Database } from '../../database/openDatabase';
import { Refusal } from '../../model/refusal';
import type { SealedBox } from '../../secrets/sealedBox';
import { applyColumns, type ChangedApplication } from './applicationSettings';
import { lockApplication } from './lockApplication';

/** What changes about the proof of users; undefined leaves, null removes. */
export interface UserProofChange {
  readonly required?: boolean | undefined;
  /** The key of HS256 tokens. */
  readonly sharedSecret?: Buffer | null | undefined;
  /** The key of ES256 tokens: PEM or JWK text. */
  readonly publicKey?: string | null | undefined;
}

/** Sets how the web pages of an application prove their users; takes effect with the next request. */
export async function configureUserProof(
  parts: { database: Database; userProofBox: SealedBox },
  applicationId: number,
  { required, sharedSecret, publicKey }: UserProofChange,
): Promise<ChangedApplication> {
  const { userProofBox } = parts;
  return parts.database.transaction(async (tx) => {
    const application = await lockApplication(parts.database, tx, applicationId);
    if (!application) throw new Refusal('NOT_FOUND', 'There is no such application.');
    const isNewSecret =
      sharedSecret !== undefined && !isSealed(userProofBox, application.userProofSecret, sharedSecret);
    const change = applyColumns(application, {
      ...(required !== undefined && { requireUserProof: required }),
      ...(isNewSecret && { userProofSecret: sharedSecret && userProofBox.seal(sharedSecret) }),
      ...(publicKey !== undefined && { userProofPublicKey: publicKey }),
    });
    if (change.changed) await tx.entities.save(application);
    return change;
  });
}

/** Whether this is the secret that is stored; one that cannot be opened is not known to be. */
function isSealed(box: SealedBox, sealed: Buffer | null, secret: Buffer | null): boolean {
  if (sealed === null || secret === null) return sealed === secret;
  try {
    return box.open(sealed).equals(secret);
  } catch {
    return false;
  }
}
