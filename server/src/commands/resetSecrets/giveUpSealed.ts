import { addVapidKey } from '../../actions/vapidKey/addVapidKey';
import { retireSubscriptionsOf } from '../../actions/vapidKey/retireVapidKey';
import { countEachRetired } from '../../database/counts/countSubscriptions';
import { toBuffer } from '../../database/entities/columns';
import { VapidKey } from '../../database/entities/vapidKey';
import type { Database, Transaction } from '../../database/openDatabase';
import { idList } from '../../database/sql';
import type { SealedBoxes } from '../../janitor/resealSecrets';
import type { SealedBox } from '../../secrets/sealedBox';

/** How many sealed values do not open. */
export interface Unopened {
  readonly userProofSecrets: number;
  readonly vapidKeys: number;
  readonly pushSubscriptions: number;
}

interface SealedRow {
  readonly id: number;
  readonly applicationId: number;
  readonly pushService: string;
  readonly retiredAt: number | null;
}

const stepRows = 500;
/** What stands in the place of a value that was given up. */
const nothing = Buffer.alloc(0);

const columns = {
  userProofSecrets: { table: 'application', column: 'userProofSecret', more: '' },
  vapidKeys: { table: 'vapid_key', column: 'sealedPrivateKey', more: '' },
  pushSubscriptions: {
    table: 'push_subscription',
    column: 'sealedAuth',
    more: ', applicationId, pushService, retiredAt',
  },
} as const;

export async function countUnopened(database: Database, boxes: SealedBoxes): Promise<Unopened> {
  return {
    userProofSecrets: await eachUnopened(database, 'userProofSecrets', boxes.userProofBox),
    vapidKeys: await eachUnopened(database, 'vapidKeys', boxes.vapidBox),
    pushSubscriptions: await eachUnopened(database, 'pushSubscriptions', boxes.authBox),
  };
}

/**
 * Gives up what the boxes do not open, and keeps everything else: shared secrets for user proofs are removed, VAPID keys
 * and push subscriptions retire, and applications without a VAPID key get a new one. No process may run beside it; it can
 * be interrupted and run again.
 * @returns how many push subscriptions retired
 */
export async function giveUpSealed(database: Database, boxes: SealedBoxes): Promise<number> {
  const now = database.now();
  const live = await liveSubscriptions(database);
  await eachUnopened(database, 'userProofSecrets', boxes.userProofBox, (rows) =>
    database.write((sql) =>
      sql.run(`UPDATE application SET userProofSecret = NULL WHERE id IN (${idsOf(rows)})`),
    ),
  );
  await database.transaction((tx) => renewVapidKeys(tx, boxes.vapidBox, now));
  for (const key of await retiredKeys(database)) await retireSubscriptionsOf(database, key, now);
  await eachUnopened(database, 'pushSubscriptions', boxes.authBox, (rows) =>
    retireUnopened(database, rows, { sealedAuth: boxes.authBox.seal(nothing), now }),
  );
  return live - (await liveSubscriptions(database));
}

/** Retires the keys that do not open, and gives each application without a key a new one. */
async function renewVapidKeys(tx: Transaction, vapidBox: SealedBox, now: number): Promise<void> {
  for (const key of await tx.entities.find(VapidKey)) {
    if (opens(vapidBox, key.sealedPrivateKey)) continue;
    const sealedPrivateKey = vapidBox.seal(nothing);
    await tx.entities.update(VapidKey, key.id, { sealedPrivateKey, retiredAt: key.retiredAt ?? now });
  }
  const without = await tx.sql.rows<{ id: number }>(
    `SELECT id FROM application a WHERE NOT EXISTS
       (SELECT 1 FROM vapid_key k WHERE k.applicationId = a.id AND k.retiredAt IS NULL)`,
  );
  for (const { id } of without) await addVapidKey(tx, vapidBox, id, now);
}

function retiredKeys(database: Database): Promise<Pick<VapidKey, 'id' | 'applicationId'>[]> {
  return database.sql.rows('SELECT id, applicationId FROM vapid_key WHERE retiredAt IS NOT NULL');
}

async function retireUnopened(
  database: Database,
  rows: readonly SealedRow[],
  { sealedAuth, now }: { sealedAuth: Buffer; now: number },
): Promise<void> {
  const live = rows.filter(({ retiredAt }) => retiredAt === null);
  const applicationIds = [...new Set(live.map(({ applicationId }) => applicationId))];
  await database.sqlTransaction(async (sql) => {
    const replaced = `UPDATE push_subscription SET sealedAuth = ? WHERE id IN (${idsOf(rows)})`;
    await sql.run(replaced, [sealedAuth]);
    if (live.length === 0) return;
    const retired = `UPDATE push_subscription SET retiredAt = ?, retiredReason = 'retired' WHERE id IN (${idsOf(live)})`;
    sql.defer(
      { text: retired, values: [now] },
      ...applicationIds.flatMap((applicationId) =>
        countEachRetired(
          database.kind,
          { applicationId, at: now, spread: applicationId },
          live.filter((row) => row.applicationId === applicationId),
        ),
      ),
    );
  });
}

/** @returns how many there are */
async function eachUnopened(
  database: Database,
  name: keyof typeof columns,
  box: SealedBox,
  use: (rows: readonly SealedRow[]) => Promise<unknown> = async () => undefined,
): Promise<number> {
  const { table, column, more } = columns[name];
  let count = 0;
  for (let after = 0; ; ) {
    const rows = await database.sql.rows<SealedRow & { sealed: ArrayBuffer | Buffer }>(
      `SELECT id, ${column} AS sealed${more} FROM ${table} WHERE id > ? AND ${column} IS NOT NULL ORDER BY id LIMIT ${stepRows}`,
      [after],
    );
    const last = rows.at(-1);
    if (!last) return count;
    const unopened = rows.filter(({ sealed }) => !opens(box, toBuffer(sealed)));
    if (unopened.length > 0) await use(unopened);
    count += unopened.length;
    after = last.id;
  }
}

function opens(box: SealedBox, sealed: Buffer): boolean {
  try {
    box.open(sealed);
    return true;
  } catch {
    return false;
  }
}

function idsOf(rows: readonly { id: number }[]): string {
  return idList(rows.map(({ id }) => id));
}

async function liveSubscriptions({ sql }: Database): Promise<number> {
  const [row] = await sql.rows<{ live: number }>(
    'SELECT COUNT(*) AS live FROM push_subscription WHERE retiredAt IS NULL',
  );
  return Number(row?.live ?? 0);
}
