import { ApiKey } from '../../database/entities/apiKey';
import type { Database } from '../../database/openDatabase';
import type { ApiKeyKind, ApiKeyScope } from '../../model/apiKey';
import { generateApiKeySecret, hashApiKeySecret } from '../../secrets/apiKeySecret';

/** A key to make for an application. */
export interface ApiKeyRequest {
  readonly applicationId: number;
  readonly name: string;
  readonly kind: ApiKeyKind;
  readonly scopes: ApiKeyScope[];
}

/** Stores a new key. The secret in the answer exists nowhere else. */
export async function createApiKey(
  parts: { database: Database; now?: () => number },
  request: ApiKeyRequest,
): Promise<{ apiKey: ApiKey; secret: string }> {
  const secret = generateApiKeySecret(request.kind);
  const createdAt = (parts.now ?? parts.database.now)();
  const apiKey = await parts.database.transaction((tx) =>
    tx.entities.save(
      tx.entities.create(ApiKey, {
        ...request,
        secretHash: hashApiKeySecret(secret),
        createdAt,
        revokedAt: null,
      }),
    ),
  );
  return { apiKey, secret };
}
