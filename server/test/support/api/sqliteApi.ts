import { type Database, openDatabase } from '../../../src/database/openDatabase';
import type { HttpDeps } from '../../../src/http/startHttpServer';
import { freshDatabase } from '../engines/freshDatabase';
import { type ApiServer, startApiServer } from './apiServer';
import { type SeededApplication, seedApplication } from './seedApplication';

/** An API with a demo page and one application, on an SQLite file of its own. */
export interface SqliteApi {
  readonly database: Database;
  readonly api: ApiServer;
  readonly application: SeededApplication;
  close(): Promise<void>;
}

export async function startSqliteApi(parts: Partial<HttpDeps> = {}): Promise<SqliteApi> {
  const fresh = await freshDatabase('sqlite');
  const database = await openDatabase(fresh.target);
  await database.migrate();
  const api = await startApiServer(database, { demo: { key: 'fp_demo', sendKey: 'fs_demo' }, ...parts });
  const application = await seedApplication(database);
  const close = async () => {
    await api.stop();
    await database.close();
    await fresh.drop();
  };
  return { database, api, application, close };
}
