import { readConfig } from '../config';
import { openDatabase } from '../database/openDatabase';

/** `fanfare migrate`: safe to run again, and from several machines at once. */
export async function migrate(): Promise<void> {
  const database = await openDatabase(readConfig(process.env).database);
  try {
    const done = await database.exclusively(() => database.migrate());
    process.stdout.write(
      done.length === 0 ? 'The database is up to date.\n' : `Migrated: ${done.join(', ')}\n`,
    );
  } finally {
    await database.close();
  }
}
