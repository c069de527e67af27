import type { Application } from '../database/entities/application';
import type { Database } from '../database/openDatabase';
import { Refusal } from '../model/refusal';
import type { SealedBox } from '../secrets/sealedBox';
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
  change: UserProofChange,
): Promise<Application> {
  const { required, sharedSecret, publicKey } = change;
  return parts.database.transaction(async (tx) => {
    const application = await lockApplication(parts.database, tx, applicationId);
    if (!application) throw new Refusal('NOT_FOUND', 'There is no such application.');
    if (required !== undefined) application.requireUserProof = required;
    if (sharedSecret !== undefined) {
      application.userProofSecret = sharedSecret && parts.userProofBox.seal(sharedSecret);
    }
    if (publicKey !== undefined) application.userProofPublicKey = publicKey;
    return tx.entities.save(application);
  });
}
