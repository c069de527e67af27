import { Application } from '../../database/entities/application';
import type { Database, Transaction } from '../../database/openDatabase';

/**
 * An application that the transaction is going to change. Nobody else changes it meanwhile: saving it writes all that
 * differs from what is stored by then, and so would take back what somebody else has stored since the reading.
 * @returns null when there is none
 */
export function lockApplication(
  { kind }: Pick<Database, 'kind'>,
  tx: Transaction,
  id: number,
): Promise<Application | null> {
  const where = { id };
  // SQLite has one writer, and knows no such lock
  if (kind === 'sqlite') return tx.entities.findOne(Application, { where });
  return tx.entities.findOne(Application, { where, lock: { mode: 'pessimistic_write' } });
}
