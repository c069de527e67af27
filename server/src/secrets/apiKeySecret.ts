import { hash, randomBytes } from 'node:crypto';
import type { ApiKeyKind } from '../model/apiKey';
import type { MasterSecret } from './masterSecret';

const prefixes: Record<ApiKeyKind, string> = { PUBLISHABLE: 'fp_', SECRET: 'fs_' };

/** A new key as its owner will hold it: prefix and 256 random bits. */
export function generateApiKeySecret(kind: ApiKeyKind): string {
  return prefixes[kind] + randomBytes(32).toString('base64url');
}

/** A key that this installation can name again at each start, for pages that the server itself serves. */
export function derivedApiKeySecret(secret: MasterSecret, kind: ApiKeyKind, purpose: string): string {
  return prefixes[kind] + secret.deriveKey(`api-key:${purpose}`).toString('base64url');
}

/** The same key as it was named with the secret before; undefined when that is not known. */
export function formerApiKeySecret(
  secret: MasterSecret,
  kind: ApiKeyKind,
  purpose: string,
): string | undefined {
  const key = secret.derivePreviousKey(`api-key:${purpose}`);
  return key && prefixes[kind] + key.toString('base64url');
}

/** What is stored instead of the key: SHA-256 is enough, because keys are long and random. */
export function hashApiKeySecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
