import { readConfig } from '../config';
import { ApiKey } from '../database/entities/apiKey';
import { Application } from '../database/entities/application';
import { type Database, openDatabase } from '../database/openDatabase';
import { type ApiKeyScope, apiKeyScopes } from '../model/apiKey';
import { platformApplication } from '../model/platformApplication';
import { Refusal } from '../model/refusal';
import { generateApiKeySecret, hashApiKeySecret } from '../secrets/apiKeySecret';

/** `fanfare keys create`: makes a key of the default application and prints it, the only time it can be seen. */
export async function createKey(options: {
  name: string;
  kind: 'publishable' | 'secret';
  scopes: string;
}): Promise<void> {
  const kind = options.kind === 'publishable' ? 'PUBLISHABLE' : 'SECRET';
  const scopes = kind === 'SECRET' ? readScopes(options.scopes) : [];
  const database = await openDatabase(readConfig(process.env).database);
  try {
    const secret = generateApiKeySecret(kind);
    await store(database, { name: options.name, kind, scopes, secretHash: hashApiKeySecret(secret) });
    process.stdout.write(`${secret}\n`);
  } finally {
    await database.close();
  }
}

function readScopes(list: string): ApiKeyScope[] {
  return list.split(',').map((name) => {
    const scope = apiKeyScopes.find((known) => known === name.trim());
    if (!scope)
      throw new Refusal('BAD_USER_INPUT', `"${name}" is no scope; there are ${apiKeyScopes.join(', ')}.`);
    return scope;
  });
}

async function store(
  database: Database,
  key: Pick<ApiKey, 'name' | 'kind' | 'scopes' | 'secretHash'>,
): Promise<void> {
  await database.exclusively(() => database.migrate());
  await database.transaction(async (tx) => {
    const application = await tx.entities.findOneBy(Application, { name: platformApplication });
    if (!application) {
      throw new Refusal(
        'NOT_FOUND',
        'There is no application yet: start Fanfare once on this database first.',
      );
    }
    await tx.entities.insert(ApiKey, {
      ...key,
      applicationId: application.id,
      createdAt: database.now(),
      revokedAt: null,
    });
  });
}
