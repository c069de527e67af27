import { existsSync } from 'node:fs';
import type { Config } from '../config';
import { claimMysqlDatabase } from '../database/mysql/claimMysqlDatabase';
import { type Database, type DatabaseTarget, openDatabase } from '../database/openDatabase';
import { otherConnections } from '../database/otherConnections';
import { claimSqliteFile } from '../database/sqlite/claimSqliteFile';
import { Refusal } from '../model/refusal';

/** Until a server has noticed that the connections of a process that has just ended are gone. */
const goneWithinMs = 5_000;
const lookEveryMs = 250;

/**
 * Opens a database, up to date, for work that no process of Fanfare may do its own beside.
 * @throws Refusal when there is no database, or when a process is seen to work on it
 */
export async function withDatabaseAlone<T>(
  { database: target }: Pick<Config, 'database'>,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  if (target.kind === 'sqlite' && !existsSync(target.file)) {
    throw new Refusal('NOT_FOUND', `There is no database at ${target.file}.`);
  }
  const release = await claim(target);
  try {
    const database = await openDatabase(target);
    try {
      await database.exclusively(() => database.migrate());
      return await work(database);
    } finally {
      await database.close();
    }
  } finally {
    await release();
  }
}

async function claim(target: DatabaseTarget): Promise<() => Promise<void>> {
  if (target.kind === 'sqlite') {
    const release = await claimSqliteFile(target.file);
    if (!release) throw occupied('another process has claimed it');
    return async () => release();
  }
  // with RabbitMQ processes claim nothing, but they are connected
  const others = await connectionsThatStay(() => otherConnections(target));
  if (others.length > 0) throw occupied(`connected: ${others.join(', ')}`);
  const owner = await claimMysqlDatabase(target);
  if (!owner) throw occupied('another process has claimed it');
  return () => owner.release();
}

async function connectionsThatStay(look: () => Promise<string[]>): Promise<string[]> {
  const giveUpAt = performance.now() + goneWithinMs;
  for (;;) {
    const others = await look();
    if (others.length === 0 || performance.now() >= giveUpAt) return others;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

function occupied(how: string): Refusal {
  return new Refusal(
    'UNAVAILABLE',
    `Somebody else works on this database (${how}): stop every Fanfare process and close other clients, then run this again. Nothing was changed.`,
  );
}
