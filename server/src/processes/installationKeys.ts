import { IsNull, Not } from 'typeorm';
import { ConfigError } from '../config';
import { ApiKey } from '../database/entities/apiKey';
import type { Transaction } from '../database/openDatabase';
import type { ApiKeyKind, ApiKeyScope } from '../model/apiKey';
import {
  derivedApiKeySecret,
  formerApiKeySecret,
  generateApiKeySecret,
  hashApiKeySecret,
} from '../secrets/apiKeySecret';
import type { MasterSecret } from '../secrets/masterSecret';

/*
 * The keys of the application "default" that a start makes by itself. A key that was revoked, by a person or by an
 * earlier start, is never made valid again.
 */

/** Keys that the demo page uses. */
export interface DemoKeySecrets {
  readonly publishableKey: string;
  readonly sendKey: string;
}

interface WantedKey {
  readonly name: string;
  readonly kind: ApiKeyKind;
  readonly scopes: ApiKeyScope[];
  readonly secret: string;
}

const configuredName = 'FANFARE_ADMIN_KEY';
const demoScopes: ApiKeyScope[] = ['notifications:send', 'notifications:read'];

/**
 * @param configured FANFARE_ADMIN_KEY; an earlier value of it is revoked
 * @param now milliseconds since 1970, for new and revoked keys
 * @returns a new admin key, to be shown once; undefined when there is one already
 * @throws ConfigError when the configured key cannot be the admin key
 */
export async function ensureAdminKey(
  tx: Transaction,
  applicationId: number,
  configured: string | undefined,
  now: number,
): Promise<string | undefined> {
  await tx.entities.update(
    ApiKey,
    {
      ...{ applicationId, name: configuredName, revokedAt: IsNull() },
      ...(configured !== undefined && { secretHash: Not(hashApiKeySecret(configured)) }),
    },
    { revokedAt: now },
  );
  if (configured !== undefined) {
    await ensureConfiguredKey(tx, applicationId, configured, now);
    return undefined;
  }
  const live = await tx.entities.findBy(ApiKey, { applicationId, kind: 'SECRET', revokedAt: IsNull() });
  if (live.some(({ scopes }) => scopes.includes('admin'))) return undefined;
  const secret = generateApiKeySecret('SECRET');
  await insertKey(tx, applicationId, { name: 'admin', kind: 'SECRET', scopes: ['admin'], secret }, now);
  return secret;
}

async function ensureConfiguredKey(
  tx: Transaction,
  applicationId: number,
  secret: string,
  now: number,
): Promise<void> {
  const known = await findKey(tx, secret);
  if (!known) {
    const key: WantedKey = { name: configuredName, kind: 'SECRET', scopes: ['admin'], secret };
    return insertKey(tx, applicationId, key, now);
  }
  if (known.revokedAt !== null) throw new ConfigError(['FANFARE_ADMIN_KEY was revoked; give another.']);
  if (known.applicationId !== applicationId || !known.scopes.includes('admin')) {
    throw new ConfigError([
      'FANFARE_ADMIN_KEY is the secret of another key, which lacks the scope admin; give another.',
    ]);
  }
}

/**
 * Makes the keys of the demo page, or revokes its secret key where there is no demo.
 * @param now milliseconds since 1970, for new and revoked keys
 * @param open whether the demo page is served: in development, at an address of this machine
 * @returns undefined without a demo, and when one of its keys was revoked
 */
export async function ensureDemoKeys(
  tx: Transaction,
  applicationId: number,
  secret: MasterSecret,
  { open, now }: { open: boolean; now: number },
): Promise<DemoKeySecrets | undefined> {
  const publishableKey = derivedApiKeySecret(secret, 'PUBLISHABLE', 'default-publishable');
  const sendKey = derivedApiKeySecret(secret, 'SECRET', 'demo');
  await revokeKey(tx, formerApiKeySecret(secret, 'SECRET', 'demo'), now);
  if (!open) {
    await revokeKey(tx, sendKey, now);
    return undefined;
  }
  const publishable: WantedKey = { name: 'default', kind: 'PUBLISHABLE', scopes: [], secret: publishableKey };
  const send: WantedKey = { name: 'demo page', kind: 'SECRET', scopes: demoScopes, secret: sendKey };
  const works = [
    await ensureKey(tx, applicationId, publishable, now),
    await ensureKey(tx, applicationId, send, now),
  ];
  return works.every(Boolean) ? { publishableKey, sendKey } : undefined;
}

/** @returns false when the key was revoked */
async function ensureKey(
  tx: Transaction,
  applicationId: number,
  key: WantedKey,
  now: number,
): Promise<boolean> {
  const known = await findKey(tx, key.secret);
  if (known) return known.revokedAt === null;
  await insertKey(tx, applicationId, key, now);
  return true;
}

function findKey(tx: Transaction, secret: string): Promise<ApiKey | null> {
  return tx.entities.findOneBy(ApiKey, { secretHash: hashApiKeySecret(secret) });
}

async function insertKey(tx: Transaction, applicationId: number, key: WantedKey, now: number): Promise<void> {
  const { secret, ...row } = key;
  const secretHash = hashApiKeySecret(secret);
  const made = { ...row, applicationId, secretHash, createdAt: now, revokedAt: null };
  await tx.entities.insert(ApiKey, made);
}

async function revokeKey(tx: Transaction, secret: string | undefined, now: number): Promise<void> {
  if (secret === undefined) return;
  const key = { secretHash: hashApiKeySecret(secret), revokedAt: IsNull() };
  await tx.entities.update(ApiKey, key, { revokedAt: now });
}
