import { existsSync } from 'node:fs';
import type { Config } from '../../config';
import { databaseErrorCode } from '../../database/faults';
import { type Database, openDatabase } from '../../database/openDatabase';
import { settingAtFault } from '../settingAtFault';
import { checkClock } from './checkClock';
import { checkContents } from './checkContents';
import { checkSchema } from './checkSchema';
import { type Finding, fault, note, ok } from './finding';

/** Connects, and tries what a start and a delivery do there; changes nothing that stays. */
export async function checkDatabase(config: Config): Promise<Finding[]> {
  const target = config.database;
  if (target.kind === 'sqlite' && !existsSync(target.file)) {
    return [note('There is no database yet: the first start creates it.')];
  }
  let database: Database;
  try {
    database = await openDatabase(target);
    await database.sql.rows('SELECT 1');
  } catch (error) {
    return [databaseFault(error, config)];
  }
  try {
    const schema = await checkSchema(database);
    const answers = ok(`The database answers (${database.kind}).`);
    const rest = schema.isUsable ? await checkRows(database, config) : [];
    return [answers, ...schema.findings, ...rest];
  } catch (error) {
    return [databaseFault(error, config)];
  } finally {
    await database.close();
  }
}

async function checkRows(database: Database, config: Config): Promise<Finding[]> {
  return [...(await checkClock(database)), ...(await checkContents(database, config))];
}

function databaseFault(error: unknown, config: Config): Finding {
  const code = databaseErrorCode(error) || 'unknown';
  return fault(
    settingAtFault(error, config) ?? `FANFARE_DATABASE_URL: the database does not answer (${code}).`,
  );
}
