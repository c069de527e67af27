import { LRUCache } from 'lru-cache';
import { ApiKey } from '../../database/entities/apiKey';
import { Application } from '../../database/entities/application';
import type { Database } from '../../database/openDatabase';
import type { ApiKeyKind, ApiKeyScope } from '../../model/apiKey';
import { hashApiKeySecret } from '../../secrets/apiKeySecret';

/** Who is asking: an API key that exists and was not revoked. */
export interface Caller {
  readonly apiKeyId: number;
  readonly applicationId: number;
  readonly kind: ApiKeyKind;
  readonly scopes: readonly ApiKeyScope[];
  readonly application: CallerApplication;
}

/** What every request wants to know of the application. */
export type CallerApplication = Pick<
  Application,
  | 'name'
  | 'requireUserProof'
  | 'allowedOrigins'
  | 'requestsPerMinute'
  | 'subscriptionsPerUser'
  | 'subscriptionsMost'
  | 'protectedTags'
  | 'verifySubscriptions'
  | 'welcome'
  | 'stoppedAt'
>;

/**
 * What an Authorization header says before the database is asked: a secret key that was good when it was last looked
 * up, another secret key, or something else, nothing included.
 */
export type KeyClaim = 'KNOWN_SECRET_KEY' | 'SECRET_KEY' | 'OTHER';

const useStepMs = 60_000;

const bearer = /^Bearer +(f[ps]_[A-Za-z0-9_-]{1,250})$/i;

/**
 * Semaphore keys into callers. A found key is remembered for `ttlMs` (default 3,000), which is how long another
 * process may go on honouring a key that was revoked here; unknown keys are not remembered.
 */
export class Callers {
  readonly #database: Database;
  readonly #known: LRUCache<string, Caller>;

  constructor(database: Database, ttlMs = 3_000) {
    this.#database = database;
    // what is out of date still tells that there was such a key
    this.#known = new LRUCache({ max: 1_000, ttl: ttlMs, noDeleteOnStaleGet: true });
  }

  /** Asks no database. */
  claimOf(authorization: string | undefined): KeyClaim {
    const secret = secretOf(authorization);
    if (!secret?.startsWith('fs_')) return 'OTHER';
    const caller = this.#known.peek(cacheKeyOf(hashApiKeySecret(secret)), { allowStale: true });
    return caller ? 'KNOWN_SECRET_KEY' : 'SECRET_KEY';
  }

  /**
   * @param authorization the value of an Authorization header
   * @returns undefined for a missing, malformed, unknown or revoked key
   */
  async identify(authorization: string | undefined): Promise<Caller | undefined> {
    const secret = secretOf(authorization);
    if (secret === undefined) return undefined;
    const secretHash = hashApiKeySecret(secret);
    const cacheKey = cacheKeyOf(secretHash);
    const known = this.#known.get(cacheKey);
    if (known) return known;
    const key = await this.#database.entities.findOneBy(ApiKey, { secretHash });
    if (key === null || key.revokedAt !== null) {
      this.#known.delete(cacheKey);
      return undefined;
    }
    const application = await this.#database.entities.findOneByOrFail(Application, { id: key.applicationId });
    const { name, requireUserProof, allowedOrigins, requestsPerMinute, subscriptionsPerUser } = application;
    const { stoppedAt, verifySubscriptions, welcome, subscriptionsMost, protectedTags } = application;
    this.#noteUse(key);
    const caller: Caller = {
      apiKeyId: key.id,
      applicationId: key.applicationId,
      kind: key.kind,
      scopes: key.scopes,
      application: {
        name,
        requireUserProof,
        allowedOrigins,
        requestsPerMinute,
        subscriptionsPerUser,
        subscriptionsMost,
        protectedTags,
        verifySubscriptions,
        welcome,
        stoppedAt,
      },
    };
    this.#known.set(cacheKey, caller);
    return caller;
  }

  /** At most once a minute for a key, and nobody waits for it. */
  #noteUse({ id, lastUsedAt }: ApiKey): void {
    const now = this.#database.now();
    if (lastUsedAt !== null && now - lastUsedAt < useStepMs) return;
    this.#database
      .write((sql) =>
        sql.run('UPDATE api_key SET lastUsedAt = ? WHERE id = ? AND (lastUsedAt IS NULL OR lastUsedAt < ?)', [
          now,
          id,
          now,
        ]),
      )
      // only a note: whoever asks is answered all the same
      .catch(() => undefined);
  }

  /** Makes this process ask the database again about a key: called when it was revoked. */
  forget(apiKeyId: number): void {
    for (const [name, caller] of this.#known.entries()) {
      if (caller.apiKeyId === apiKeyId) this.#known.delete(name);
    }
  }

  /** The same for all keys of an application: called when its settings were changed. */
  forgetApplication(applicationId: number): void {
    for (const [name, caller] of this.#known.entries()) {
      if (caller.applicationId === applicationId) this.#known.delete(name);
    }
  }
}

function secretOf(authorization: string | undefined): string | undefined {
  return bearer.exec(authorization ?? '')?.[1];
}

function cacheKeyOf(secretHash: Buffer): string {
  return secretHash.toString('base64');
}
