import type { MigrationInterface, QueryRunner } from 'typeorm';
import { databaseErrorCode } from '../faults';

/**
 * What MySQL answers when a migration that was interrupted runs again: each of its statements was committed by itself, so
 * the table, column or index is there already, or gone already.
 */
const alreadyDone = new Set([
  'ER_TABLE_EXISTS_ERROR',
  'ER_DUP_FIELDNAME',
  'ER_DUP_KEYNAME',
  'ER_CANT_DROP_FIELD_OR_KEY',
  'ER_BAD_TABLE_ERROR',
]);

/**
 * A migration that can be run again from its first statement after it was interrupted anywhere. MySQL has no
 * transactions for DDL; SQLite has, and there nothing is tolerated. Statements that write rows must be repeatable by
 * themselves.
 */
export function resumable(Migration: new () => MigrationInterface): new () => MigrationInterface {
  return class implements MigrationInterface {
    /** TypeORM records migrations under this name. */
    readonly name = Migration.name;

    up(runner: QueryRunner): Promise<void> {
      return new Migration().up(tolerant(runner));
    }

    down(runner: QueryRunner): Promise<void> {
      return new Migration().down(tolerant(runner));
    }
  };
}

function tolerant(runner: QueryRunner): QueryRunner {
  if (runner.connection.options.type !== 'mysql') return runner;
  const query = async (text: string, parameters?: unknown[]): Promise<unknown> => {
    try {
      return await runner.query(text, parameters);
    } catch (error) {
      if (alreadyDone.has(databaseErrorCode(error))) return undefined;
      throw error;
    }
  };
  return Object.assign(Object.create(runner), { query });
}
