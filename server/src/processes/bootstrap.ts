import { addVapidKey } from '../actions/vapidKey/addVapidKey';
import { ConfigError } from '../config';
import { Application } from '../database/entities/application';
import { Setting } from '../database/entities/setting';
import { VapidKey } from '../database/entities/vapidKey';
import type { Database, Transaction } from '../database/openDatabase';
import { newIdSalt, PublicIds } from '../model/ids/publicIds';
import { platformApplication } from '../model/platformApplication';
import type { MasterSecret } from '../secrets/masterSecret';
import type { SealedBox } from '../secrets/sealedBox';
import { type DemoKeySecrets, ensureAdminKey, ensureDemoKeys } from './installationKeys';

/** What an installation has from its first start on. */
export interface InstallationState {
  readonly ids: PublicIds;
  readonly applicationId: number;
  /** Set only when it has just been made: it is shown once. */
  readonly newAdminKey: string | undefined;
  /** Set only where the demo page is served. */
  readonly demoKeys: DemoKeySecrets | undefined;
  /** Whether a page with a publishable key of the application "default" may name any user without a proof. */
  readonly acceptsUnprovenUsers: boolean;
}

export interface BootstrapDeps {
  readonly database: Database;
  readonly secret: MasterSecret;
  readonly vapidBox: SealedBox;
  readonly production: boolean;
  /** Whether the demo page may be served: not in production, and at an address of this machine. */
  readonly demo: boolean;
  /** False in workers and for the seed: keys are made, revoked and shown where the API starts. */
  readonly keepsKeys: boolean;
  /** The configured admin key; undefined: it is revoked, and one is generated when there is none yet. */
  readonly adminKey: string | undefined;
}

/**
 * Brings the database up to date and makes what is missing. Safe to run in several processes at once, and again.
 * @throws ConfigError when the database was sealed with another secret; then nothing has changed but migrations
 */
export async function bootstrap(parts: BootstrapDeps): Promise<InstallationState> {
  return parts.database.exclusively(async () => {
    await parts.database.migrate();
    return parts.database.transaction((tx) => lay(tx, parts));
  });
}

async function lay(tx: Transaction, parts: BootstrapDeps): Promise<InstallationState> {
  const { id: applicationId, requireUserProof } = await defaultApplication(tx, parts);
  await ensureVapidKey(tx, parts, applicationId);
  await refuseForeignSecret(tx, parts.vapidBox);
  const { keepsKeys, secret, adminKey, demo } = parts;
  const now = parts.database.now();
  return {
    ids: new PublicIds(await idSalt(tx)),
    applicationId,
    newAdminKey: keepsKeys ? await ensureAdminKey(tx, applicationId, adminKey, now) : undefined,
    demoKeys: keepsKeys ? await ensureDemoKeys(tx, applicationId, secret, { open: demo, now }) : undefined,
    acceptsUnprovenUsers: !requireUserProof,
  };
}

async function idSalt(tx: Transaction): Promise<string> {
  const known = await tx.entities.findOneBy(Setting, { name: 'idSalt' });
  if (known) return known.value;
  const value = newIdSalt();
  await tx.entities.insert(Setting, { name: 'idSalt', value });
  return value;
}

async function defaultApplication(
  tx: Transaction,
  { database, production }: BootstrapDeps,
): Promise<Application> {
  const known = await tx.entities.findOneBy(Application, { name: platformApplication });
  if (known) return known;
  const made = tx.entities.create(Application, {
    name: platformApplication,
    requireUserProof: production,
    createdAt: database.now(),
  });
  return tx.entities.save(made);
}

async function ensureVapidKey(
  tx: Transaction,
  { database, vapidBox }: BootstrapDeps,
  applicationId: number,
): Promise<void> {
  if (await tx.entities.existsBy(VapidKey, { applicationId })) return;
  await addVapidKey(tx, vapidBox, applicationId, database.now());
}

/**
 * With another secret a process would start, fail every delivery, and seal what nobody else can open.
 * @throws ConfigError when the newest VAPID key does not open
 */
export async function refuseForeignSecret(
  { entities }: Pick<Transaction, 'entities'>,
  vapidBox: SealedBox,
): Promise<void> {
  const [key] = await entities.find(VapidKey, { order: { id: 'DESC' }, take: 1 });
  try {
    if (key) vapidBox.open(key.sealedPrivateKey);
  } catch {
    throw new ConfigError([
      'FANFARE_SECRET: does not open what this database holds; give the secret it was sealed with (or the file "secret" of its data directory), as FANFARE_SECRET_PREVIOUS if it is being changed. If it is lost: npx fanfare secrets reset.',
    ]);
  }
}
