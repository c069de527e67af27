import { createApiKey } from '../../../src/actions/apiKey/createApiKey';
import { Application } from '../../../src/database/entities/application';
import { VapidKey } from '../../../src/database/entities/vapidKey';
import type { Database } from '../../../src/database/openDatabase';
import type { ApiKeyScope } from '../../../src/model/apiKey';
import { generateVapidKeyPair } from '../../../src/webPush/vapid/vapidKeyPair';

/** An application of a test's own, with the keys it asked for. */
export interface SeededApplication {
  readonly id: number;
  readonly vapidPublicKey: string;
  /** A publishable key. */
  readonly publishable: string;
  /** A secret key with every scope. */
  readonly admin: string;
  /** Makes a secret key with these scopes. */
  secretKey(...scopes: ApiKeyScope[]): Promise<string>;
}

let counter = 0;

export async function seedApplication(
  database: Database,
  settings: Partial<
    Pick<Application, 'name' | 'requireUserProof' | 'userProofSecret' | 'userProofPublicKey'>
  > = {},
): Promise<SeededApplication> {
  counter += 1;
  const { publicKey } = generateVapidKeyPair();
  const { id } = await database.transaction(async (tx) => {
    const application = await tx.entities.save(
      tx.entities.create(Application, {
        name: `application ${counter}`,
        requireUserProof: false,
        userProofSecret: null,
        userProofPublicKey: null,
        createdAt: Date.now(),
        ...settings,
      }),
    );
    await tx.entities.insert(VapidKey, {
      applicationId: application.id,
      publicKey,
      sealedPrivateKey: Buffer.alloc(61, 1),
      createdAt: Date.now(),
    });
    return application;
  });
  const make = async (kind: 'PUBLISHABLE' | 'SECRET', scopes: ApiKeyScope[]) =>
    (await createApiKey({ database }, { applicationId: id, name: 'test', kind, scopes })).secret;
  return {
    id,
    vapidPublicKey: publicKey,
    publishable: await make('PUBLISHABLE', []),
    admin: await make('SECRET', ['admin']),
    secretKey: (...scopes) => make('SECRET', scopes),
  };
}
