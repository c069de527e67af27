import type { Database } from '../../../src/database/openDatabase';
import type { Sql, SqlValue, Statement } from '../../../src/database/sql';

interface Asked {
  readonly statement: string;
  readonly values: readonly SqlValue[];
}

/** How an engine goes about one table of a statement. */
export interface PlanStep {
  /** The engine's own words, to be shown when a test fails. */
  readonly text: string;
  /** All rows of a table or of an index are gone through. */
  readonly isScan: boolean;
}

/** A database that remembers what is read from it, also in transactions; everything else is the same. */
export function recordReads(database: Database): { database: Database; asked: Asked[] } {
  const asked: Asked[] = [];
  const recorded = <Face extends Pick<Sql, 'rows' | 'batch'>>(sql: Face): Face => ({
    ...sql,
    batch: (statements: readonly Statement[]) => {
      const reads = statements.filter(({ text }) => text.startsWith('SELECT'));
      asked.push(...reads.map(({ text, values = [] }) => ({ statement: text, values })));
      return sql.batch(statements);
    },
    rows: (statement: string, values: readonly SqlValue[] = []) => {
      asked.push({ statement, values });
      return sql.rows(statement, values);
    },
  });
  return {
    database: {
      ...database,
      sql: recorded(database.sql),
      sqlTransaction: (work) => database.sqlTransaction((sql) => work(recorded(sql))),
    },
    asked,
  };
}

/** How the engine would go about a statement with these values. */
export async function planOf(database: Database, { statement, values }: Asked): Promise<PlanStep[]> {
  return database.kind === 'sqlite'
    ? sqlitePlan(await database.sql.rows(`EXPLAIN QUERY PLAN ${statement}`, values))
    : mysqlPlan(await database.sql.rows(`EXPLAIN FORMAT=TRADITIONAL ${statement}`, values));
}

function sqlitePlan(rows: { detail: string }[]): PlanStep[] {
  // s0, s1, … and page are derived: a page at most
  return rows.map(({ detail }) => ({
    text: detail,
    isScan: /^SCAN (?!s\d+|page|CONSTANT ROW)/.test(detail),
  }));
}

function mysqlPlan(
  rows: { table: string | null; type: string | null; key: string | null; Extra: string | null }[],
): PlanStep[] {
  return rows.map(({ table, type, key, Extra }) => ({
    text: `${table} ${type} ${key} ${Extra ?? ''}`,
    isScan:
      ['ALL', 'index'].includes(type ?? '') && !/^</.test(table ?? '<') && !/^(s\d+|page)$/.test(table ?? ''),
  }));
}
