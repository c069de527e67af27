import { ApiKey } from '../../database/entities/apiKey';
import { Application } from '../../database/entities/application';
import { isDuplicate } from '../../database/faults';
import type { Database, Transaction } from '../../database/openDatabase';
import type { ApiKeyKind, ApiKeyScope } from '../../model/apiKey';
import { Refusal } from '../../model/refusal';
import { generateApiKeySecret, hashApiKeySecret } from '../../secrets/apiKeySecret';
import type { SealedBox } from '../../secrets/sealedBox';
import type { IntakeDeps } from '../notification/acceptNotification';
import { addVapidKey } from '../vapidKey/addVapidKey';
import { type ApplicationSettings, checkWelcome, settingColumns } from './applicationSettings';

export interface ApplicationDeps {
  readonly database: Database;
  readonly vapidBox: SealedBox;
  readonly intake: Pick<IntakeDeps, 'ids' | 'receiptUrl' | 'receiptTokenLength'>;
  readonly now?: () => number;
}

/** A tenant as it begins. The two keys exist nowhere else. */
export interface CreatedApplication {
  readonly application: Application;
  readonly publishableKey: string;
  readonly adminKey: string;
}

/**
 * Makes an application with a VAPID key, a publishable key and an admin key of its own. It asks for user proofs
 * (see configureUserProof).
 * @throws Refusal BAD_USER_INPUT when the name is taken, or what checkWelcome says
 */
export async function createApplication(
  parts: ApplicationDeps,
  name: string,
  settings: ApplicationSettings,
): Promise<CreatedApplication> {
  const now = (parts.now ?? parts.database.now)();
  try {
    return await parts.database.transaction((tx) => create(tx, parts, { name, settings, now }));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Refusal('BAD_USER_INPUT', 'There is an application of this name already.', ['input', 'name']);
  }
}

async function create(
  tx: Transaction,
  parts: ApplicationDeps,
  { name, settings, now }: { name: string; settings: ApplicationSettings; now: number },
): Promise<CreatedApplication> {
  const columns = { ...noSettings, ...settingColumns(settings) };
  checkWelcome(parts.intake, columns, ['input', 'settings']);
  const application = await tx.entities.save(
    tx.entities.create(Application, {
      ...columns,
      name,
      createdAt: now,
    }),
  );
  await addVapidKey(tx, parts.vapidBox, application.id, now);
  return {
    application,
    publishableKey: await addKey(tx, application.id, 'PUBLISHABLE', [], now),
    adminKey: await addKey(tx, application.id, 'SECRET', ['admin'], now),
  };
}

const noSettings = {
  requireUserProof: true,
  userProofSecret: null,
  userProofPublicKey: null,
  allowedOrigins: null,
  requestsPerMinute: null,
  subscriptionsPerUser: null,
  subscriptionsMost: null,
  staleAfterDays: null,
  protectedTags: null,
  verifySubscriptions: false,
  welcome: null,
  redactContent: false,
};

async function addKey(
  tx: Transaction,
  applicationId: number,
  kind: ApiKeyKind,
  scopes: ApiKeyScope[],
  createdAt: number,
): Promise<string> {
  const secret = generateApiKeySecret(kind);
  const secretHash = hashApiKeySecret(secret);
  const name = kind === 'SECRET' ? 'admin' : 'default';
  await tx.entities.insert(ApiKey, {
    ...{ applicationId, name, kind, scopes, secretHash, createdAt },
    revokedAt: null,
  });
  return secret;
}
