import { ApiKey } from '../../database/entities/apiKey';
import type { Database } from '../../database/openDatabase';

/** The keys of an application, newest first, revoked ones too. */
export async function listApiKeys(database: Database, applicationId: number): Promise<ApiKey[]> {
  return database.entities.find(ApiKey, { where: { applicationId }, order: { id: 'DESC' }, take: 500 });
}
