import type { Database } from '../openDatabase';

/**
 * The end of an INSERT of counts: where there is a row of the same key, its counts grow by those of the new one.
 * @param counts the columns that hold them
 */
export function growCounts(kind: Database['kind'], table: string, ...counts: readonly string[]): string {
  const sums = counts.map((count) =>
    kind === 'mysql'
      ? `${count} = ${table}.${count} + VALUES(${count})`
      : `${count} = ${table}.${count} + excluded.${count}`,
  );
  return `${kind === 'mysql' ? 'ON DUPLICATE KEY UPDATE' : 'ON CONFLICT DO UPDATE SET'} ${sums.join(', ')}`;
}
