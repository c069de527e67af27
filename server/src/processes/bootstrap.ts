import { randomBytes } from 'node:crypto';
import { IsNull, Not } from 'typeorm';
import { ConfigError } from '../config';
import { ApiKey } from '../database/entities/apiKey';
import { Application } from '../database/entities/application';
import { Setting } from '../database/entities/setting';
import { VapidKey } from '../database/entities/vapidKey';
import type { Database, Transaction } from '../database/openDatabase';
import { addVapidKey } from '../intake/addVapidKey';
import type { ApiKeyKind, ApiKeyScope } from '../model/apiKey';
import { platformApplication } from '../model/platformApplication';
import { PublicIds } from '../model/publicIds';
import {
  derivedApiKeySecret,
  formerApiKeySecret,
  generateApiKeySecret,
  hashApiKeySecret,
} from '../secrets/apiKeySecret';
import type { MasterSecret } from '../secrets/masterSecret';
import type { SealedBox } from '../secrets/sealedBox';

/** What an installation has from its first start on. */
export interface Foundations {
  readonly ids: PublicIds;
  readonly applicationId: number;
  /** Set only when it has just been made: it is shown once. */
  readonly newAdminKey: string | undefined;
  readonly publishableKey: string;
  /** For the demo page; development only. */
  readonly demoKey: string | undefined;
}

export interface BootstrapParts {
  readonly database: Database;
  readonly secret: MasterSecret;
  readonly vapidBox: SealedBox;
  readonly production: boolean;
  /** False in workers and for the seed: the admin key is made, changed and shown where the API starts. */
  readonly keepsKeys: boolean;
  /** The configured admin key; undefined: it is revoked, and one is generated when there is none yet. */
  readonly adminKey: string | undefined;
}

const configuredName = 'FANFARE_ADMIN_KEY';
const demoName = 'demo page';

/**
 * Brings the database up to date and makes what is missing. Safe to run in several processes at once, and again.
 * @throws ConfigError when the database was sealed with another secret; then nothing has changed but migrations
 */
export async function bootstrap(parts: BootstrapParts): Promise<Foundations> {
  return parts.database.exclusively(async () => {
    await parts.database.migrate();
    return parts.database.transaction((tx) => lay(tx, parts));
  });
}

async function lay(tx: Transaction, parts: BootstrapParts): Promise<Foundations> {
  const applicationId = await defaultApplication(tx, parts.production);
  await ensureVapidKey(tx, parts.vapidBox, applicationId);
  await refuseForeignSecret(tx, parts.vapidBox);
  const publishableKey = derivedApiKeySecret(parts.secret, 'PUBLISHABLE', 'default-publishable');
  await ensureKey(tx, applicationId, {
    name: 'default',
    kind: 'PUBLISHABLE',
    scopes: [],
    secret: publishableKey,
  });
  return {
    ids: new PublicIds(await idSalt(tx)),
    applicationId,
    newAdminKey: parts.keepsKeys ? await ensureAdminKey(tx, applicationId, parts.adminKey) : undefined,
    publishableKey,
    demoKey: await demoKey(tx, applicationId, parts),
  };
}

async function idSalt(tx: Transaction): Promise<string> {
  const known = await tx.entities.findOneBy(Setting, { name: 'idSalt' });
  if (known) return known.value;
  const value = randomBytes(16).toString('base64url');
  await tx.entities.insert(Setting, { name: 'idSalt', value });
  return value;
}

async function defaultApplication(tx: Transaction, production: boolean): Promise<number> {
  const known = await tx.entities.findOneBy(Application, { name: platformApplication });
  if (known) return known.id;
  const made = tx.entities.create(Application, {
    name: platformApplication,
    requireUserProof: production,
    createdAt: Date.now(),
  });
  return (await tx.entities.save(made)).id;
}

async function ensureVapidKey(tx: Transaction, vapidBox: SealedBox, applicationId: number): Promise<void> {
  if (await tx.entities.existsBy(VapidKey, { applicationId })) return;
  await addVapidKey(tx, vapidBox, applicationId, Date.now());
}

/** With another secret a process would start, fail every delivery, and seal what nobody else can open. */
async function refuseForeignSecret(tx: Transaction, vapidBox: SealedBox): Promise<void> {
  const [key] = await tx.entities.find(VapidKey, { order: { id: 'DESC' }, take: 1 });
  try {
    if (key) vapidBox.open(key.sealedPrivateKey);
  } catch {
    throw new ConfigError([
      'FANFARE_SECRET: does not open what this database holds; give the secret it was sealed with (or the file "secret" of its data directory), as FANFARE_SECRET_PREVIOUS if it is being changed.',
    ]);
  }
}

async function ensureAdminKey(
  tx: Transaction,
  applicationId: number,
  configured: string | undefined,
): Promise<string | undefined> {
  // a key that was configured before and is no longer must stop working
  await tx.entities.update(
    ApiKey,
    {
      ...{ applicationId, name: configuredName, revokedAt: IsNull() },
      ...(configured !== undefined && { secretHash: Not(hashApiKeySecret(configured)) }),
    },
    { revokedAt: Date.now() },
  );
  if (configured !== undefined) {
    await ensureKey(tx, applicationId, {
      name: configuredName,
      kind: 'SECRET',
      scopes: ['admin'],
      secret: configured,
    });
    return undefined;
  }
  if (
    await tx.entities.existsBy(ApiKey, { applicationId, kind: 'SECRET', name: 'admin', revokedAt: IsNull() })
  ) {
    return undefined;
  }
  const secret = generateApiKeySecret('SECRET');
  await ensureKey(tx, applicationId, { name: 'admin', kind: 'SECRET', scopes: ['admin'], secret });
  return secret;
}

/** The demo page may send only in development; in production its key is dead, and after a change of the secret. */
async function demoKey(
  tx: Transaction,
  applicationId: number,
  parts: BootstrapParts,
): Promise<string | undefined> {
  const secret = derivedApiKeySecret(parts.secret, 'SECRET', 'demo');
  const dead = [formerApiKeySecret(parts.secret, 'SECRET', 'demo'), parts.production ? secret : undefined];
  for (const each of dead) {
    if (each === undefined) continue;
    const key = { secretHash: hashApiKeySecret(each), revokedAt: IsNull() };
    await tx.entities.update(ApiKey, key, { revokedAt: Date.now() });
  }
  if (parts.production) return undefined;
  const scopes: ApiKeyScope[] = ['notifications:send', 'notifications:read'];
  await ensureKey(tx, applicationId, { name: demoName, kind: 'SECRET', scopes, secret });
  return secret;
}

async function ensureKey(
  tx: Transaction,
  applicationId: number,
  key: { name: string; kind: ApiKeyKind; scopes: ApiKeyScope[]; secret: string },
): Promise<void> {
  const { secret, ...row } = key;
  const secretHash = hashApiKeySecret(secret);
  const known = await tx.entities.findOneBy(ApiKey, { secretHash });
  if (!known) {
    await tx.entities.insert(ApiKey, {
      ...row,
      applicationId,
      secretHash,
      createdAt: Date.now(),
      revokedAt: null,
    });
  } else if (known.revokedAt !== null) {
    await tx.entities.update(ApiKey, known.id, { revokedAt: null });
  }
}
