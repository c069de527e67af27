import { ApiKey } from '../../database/entities/apiKey';
import type { Database } from '../../database/openDatabase';
import { Refusal } from '../../model/refusal';

/**
 * Ends a key of an application. Idempotent.
 * @returns whether it was alive until now
 * @throws Refusal NOT_FOUND when the application has no such key
 */
export async function revokeApiKey(
  parts: { database: Database; now?: () => number },
  applicationId: number,
  apiKeyId: number | undefined,
): Promise<boolean> {
  const key = apiKeyId && (await parts.database.entities.findOneBy(ApiKey, { id: apiKeyId, applicationId }));
  if (!key) throw new Refusal('NOT_FOUND', 'There is no such key.', ['id']);
  const { affected } = await parts.database.write((sql) =>
    sql.run('UPDATE api_key SET revokedAt = ? WHERE id = ? AND revokedAt IS NULL', [
      (parts.now ?? parts.database.now)(),
      key.id,
    ]),
  );
  return affected > 0;
}
