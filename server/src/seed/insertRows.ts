import type { Sql, SqlValue } from '../database/sql';

/** SQLite binds at most 32,766 values in a statement. */
const maxValues = 30_000;

/** Inserts rows of one table, many in a statement. */
export async function insertRows(
  sql: Sql,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
): Promise<void> {
  const size = Math.max(1, Math.floor(maxValues / columns.length));
  for (let start = 0; start < rows.length; start += size) {
    const part = rows.slice(start, start + size);
    const places = `(${columns.map(() => '?').join(', ')})`;
    await sql.run(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${part.map(() => places).join(', ')}`,
      part.flat(),
    );
  }
}
