import { LRUCache } from 'lru-cache';
import type { Exchange, SqlValue, Statement, StatementResult } from '../sql';

/** The part of libsql that is needed here. */
export interface SqliteConnection {
  prepare(statement: string): PreparedStatement;
}

interface PreparedStatement {
  readonly reader: boolean;
  all(...values: unknown[]): unknown[];
  run(...values: unknown[]): { changes: number; lastInsertRowid: number };
}

const keptStatements = 200;
/** A longer one holds values, and is not seen again. */
const maxKeptLength = 2_000;

/** Statements on one connection, which runs them at once: nothing else comes between those of one exchange. */
export function sqliteExchange(connection: SqliteConnection): Exchange {
  const kept = new LRUCache<string, PreparedStatement>({ max: keptStatements });
  const prepare = (text: string): PreparedStatement => {
    const known = kept.get(text);
    if (known) return known;
    const prepared = connection.prepare(text);
    if (text.length <= maxKeptLength) kept.set(text, prepared);
    return prepared;
  };
  const execute = ({ text, values = [] }: Statement): StatementResult => {
    const statement = prepare(text);
    const bound = values.map(bindable);
    if (statement.reader) return { rows: statement.all(...bound), affected: 0, insertId: 0 };
    const { changes, lastInsertRowid } = statement.run(...bound);
    return { rows: [], affected: changes, insertId: lastInsertRowid };
  };
  return async (statements) => statements.map(execute);
}

/** SQLite knows no booleans. */
function bindable(value: SqlValue): SqlValue {
  return typeof value === 'boolean' ? Number(value) : value;
}
