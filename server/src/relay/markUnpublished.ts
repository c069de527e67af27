import type { Database } from '../database/openDatabase';
import { idList } from '../database/sql';

/** Makes dispatches due again whose messages the queue does not hold; those in a worker's hands stay there. */
export async function markUnpublished(
  database: Pick<Database, 'write'>,
  ids: readonly number[],
): Promise<void> {
  await database.write((sql) =>
    sql.run(
      `UPDATE dispatch SET publishedAt = NULL WHERE id IN (${idList(ids)}) AND COALESCE(leaseUntil, 0) = 0`,
    ),
  );
}
