import type { Database } from '../src/database/openDatabase';
import type { SqlValue } from '../src/database/sql';

export interface BulkWriter {
  add(row: readonly SqlValue[]): Promise<void>;
  /** Writes what is left. */
  end(): Promise<void>;
}

const rowsPerStatement = 1_000;

/** Writes rows of one table, many in a statement; all values are our own. */
export function bulkWriter(database: Database, table: string, columns: string): BulkWriter {
  let waiting: string[] = [];
  const end = async () => {
    const rows = waiting.join(',');
    waiting = [];
    if (rows.length === 0) return;
    await database.write((sql) => sql.run(`INSERT INTO ${table} (${columns}) VALUES ${rows}`));
  };
  return {
    end,
    add: async (row) => {
      waiting.push(`(${row.map(literal).join(',')})`);
      if (waiting.length >= rowsPerStatement) await end();
    },
  };
}

export async function writeRows(
  database: Database,
  table: string,
  columns: string,
  rows: Iterable<readonly SqlValue[]>,
): Promise<void> {
  const writer = bulkWriter(database, table, columns);
  for (const row of rows) await writer.add(row);
  await writer.end();
}

/** They stand in the statement: binding that many would take longer than all else. */
function literal(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (Buffer.isBuffer(value)) return `X'${value.toString('hex')}'`;
  return typeof value === 'string' ? `'${value}'` : String(Number(value));
}
