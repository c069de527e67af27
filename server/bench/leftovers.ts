import { readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deleteQueues, onMysql } from './servers';

/** Begins the name of every folder of a run, in the folder for temporary files. */
export const folderStart = 'fanfare-bench-';

const namePattern = /^fanfare_bench_(\d+)_[0-9a-f]+$/;
const oldSeconds = 3_600;

/** A name for a database, which tells when it was made. */
export function databaseName(random: string): string {
  return `fanfare_bench_${Math.floor(Date.now() / 1000)}_${random}`;
}

/** The prefix of the queues that belong to a database. */
export function queuePrefixOf(database: string): string {
  return database.replaceAll('_', '-');
}

/** Removes what runs that were killed have left behind; what is younger than an hour may belong to one under way. */
export async function removeLeftovers(withServers: boolean): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (name.startsWith(folderStart) && isOld(statSync(folder).mtimeMs / 1000))
      rmSync(folder, { recursive: true, force: true });
  }
  if (!withServers) return;
  for (const name of await databaseNames()) {
    if (!isOld(Number(namePattern.exec(name)?.[1] ?? Number.NaN))) continue;
    // a database goes last in every clean-up, so no queues of ours are without one
    await deleteQueues(queuePrefixOf(name));
    await onMysql(`DROP DATABASE IF EXISTS ${name}`);
  }
}

async function databaseNames(): Promise<string[]> {
  const rows = await onMysql<{ name: string }>(
    "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'fanfare\\_bench\\_%'",
  );
  return rows.map((row) => row.name);
}

function isOld(seconds: number): boolean {
  return Date.now() / 1000 - seconds > oldSeconds;
}
