import { toBuffer } from '../database/entities/columns';
import type { Database } from '../database/openDatabase';
import { Refusal } from '../model/refusal';
import type { MasterSecret } from '../secrets/masterSecret';
import { SealedBox } from '../secrets/sealedBox';

/** The sealed columns, each with the box of its purpose. */
export interface SealedBoxes {
  readonly authBox: SealedBox;
  readonly vapidBox: SealedBox;
  readonly userProofBox: SealedBox;
}

export function sealedBoxes(secret: MasterSecret): SealedBoxes {
  return {
    authBox: new SealedBox(secret, 'auth'),
    vapidBox: new SealedBox(secret, 'vapid'),
    userProofBox: new SealedBox(secret, 'user-proof'),
  };
}

const stepRows = 500;

/**
 * Seals every secret in the database with the secret of today, a few hundred rows at a time. It can be stopped and
 * begun again at any moment, and run beside everything else: a row that changes meanwhile is left alone, as whoever
 * changed it sealed it with the new secret.
 * @returns how many values were sealed anew
 * @throws Refusal when a value opens with neither secret; what was sealed anew until then stays so
 */
export async function resealSecrets(
  database: Database,
  boxes: SealedBoxes,
  onStep: (table: string, resealed: number) => void = () => undefined,
): Promise<number> {
  const columns = [
    ['application', 'userProofSecret', boxes.userProofBox],
    ['vapid_key', 'sealedPrivateKey', boxes.vapidBox],
    ['push_subscription', 'sealedAuth', boxes.authBox],
  ] as const;
  let total = 0;
  for (const [table, column, box] of columns) {
    const count = await resealColumn(database, table, column, box);
    total += count;
    onStep(table, count);
  }
  return total;
}

function resealed(box: SealedBox, sealed: Buffer, table: string): Buffer | undefined {
  try {
    return box.reseal(sealed);
  } catch {
    throw new Refusal(
      'BAD_USER_INPUT',
      `A secret in the table ${table} opens with neither FANFARE_SECRET nor FANFARE_SECRET_PREVIOUS.`,
    );
  }
}

async function resealColumn(
  database: Database,
  table: string,
  column: string,
  box: SealedBox,
): Promise<number> {
  let after = 0;
  let count = 0;
  for (;;) {
    const rows = await database.sql.rows<{ id: number; sealed: ArrayBuffer | Buffer }>(
      `SELECT id, ${column} AS sealed FROM ${table} WHERE id > ? AND ${column} IS NOT NULL ORDER BY id LIMIT ${stepRows}`,
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) return count;
    after = last.id;
    count += await database.transaction(async ({ sql }) => {
      let changed = 0;
      for (const { id, sealed } of rows) {
        const before = toBuffer(sealed);
        const fresh = resealed(box, before, table);
        if (fresh === undefined) continue;
        const statement = `UPDATE ${table} SET ${column} = ? WHERE id = ? AND ${column} = ?`;
        changed += (await sql.run(statement, [fresh, id, before])).affected;
      }
      return changed;
    });
  }
}
