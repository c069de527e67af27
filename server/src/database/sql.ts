/** A value that both drivers bind alike. */
export type SqlValue = string | number | boolean | Buffer | null;

export interface Statement {
  readonly text: string;
  readonly values?: readonly SqlValue[];
}

/** What came of a statement: rows of one that reads, `affected` and `insertId` of one that writes. */
export interface StatementResult {
  readonly rows: unknown[];
  readonly affected: number;
  readonly insertId: number;
}

/** Plain SQL on one connection, for the hot paths. Placeholders are `?` on both engines. */
export interface Sql {
  rows<Row>(statement: string, values?: readonly SqlValue[]): Promise<Row[]>;
  run(statement: string, values?: readonly SqlValue[]): Promise<{ affected: number; insertId: number }>;
  /**
   * Runs statements one after the other in a single exchange with the server; the first that fails is the last that
   * runs. Outside a transaction each commits by itself.
   */
  batch(statements: readonly Statement[]): Promise<StatementResult[]>;
}

/** Plain SQL within a transaction. */
export interface TransactionSql extends Sql {
  /** For writes whose results nobody reads: they travel with the next statement, or else with the commit. */
  defer(...statements: readonly Statement[]): void;
  /** The last statements of all: the commit travels with them, and the work must end with their results. */
  commitWith(statements: readonly Statement[]): Promise<StatementResult[]>;
  /** In a statement: the id that the latest INSERT of this transaction was given. */
  readonly lastId: string;
}

/** Runs statements in order and answers for each; an engine's one way to its server or file. */
export type Exchange = (statements: readonly Statement[]) => Promise<StatementResult[]>;

const nothing: StatementResult = { rows: [], affected: 0, insertId: 0 };

export function sqlOver(batch: Exchange): Sql {
  return {
    batch,
    rows: async <Row>(text: string, values: readonly SqlValue[] = []) => {
      const [result = nothing] = await batch([{ text, values }]);
      return result.rows as Row[];
    },
    run: async (text, values = []) => {
      const [result = nothing] = await batch([{ text, values }]);
      return result;
    },
  };
}

/**
 * Runs work in a transaction on one connection. Its begin travels with the first statement, and its commit with what
 * was put off until then, because an exchange costs more than most statements.
 */
export async function inSqlTransaction<T>(
  exchange: Exchange,
  { begin, lastId }: { readonly begin: string; readonly lastId: string },
  work: (sql: TransactionSql) => Promise<T>,
): Promise<T> {
  let waiting: Statement[] = [{ text: begin }];
  let begun = false;
  let committed = false;
  const batch: Exchange = async (statements) => {
    const before = waiting;
    waiting = [];
    begun = true;
    return (await exchange([...before, ...statements])).slice(before.length);
  };
  const defer = (...statements: readonly Statement[]) => void waiting.push(...statements);
  const commitWith: Exchange = async (statements) => {
    const results = await batch([...statements, { text: 'COMMIT' }]);
    committed = true;
    return results.slice(0, -1);
  };
  try {
    const result = await work({ ...sqlOver(batch), defer, commitWith, lastId });
    if (!committed && (begun || waiting.length > 1)) await commitWith([]);
    return result;
  } catch (error) {
    // on a broken connection the server has rolled back already; the first error is the one that matters
    if (begun && !committed) await exchange([{ text: 'ROLLBACK' }]).catch(() => undefined);
    throw error;
  }
}

/** An INSERT of one row; the names are ours. */
export function insertion(table: string, row: Readonly<Record<string, SqlValue>>): Statement {
  const names = Object.keys(row);
  const text = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${placeholders(names.length)})`;
  return { text, values: Object.values(row) };
}

/** A list of ids for an `IN (…)`; numbers of our own, so they may stand in the statement itself. */
export function idList(ids: readonly number[]): string {
  for (const id of ids) if (!Number.isSafeInteger(id)) throw new TypeError(`${id} is no id.`);
  return ids.join(',');
}

export function placeholders(count: number): string {
  return Array.from({ length: count }, () => '?').join(',');
}
