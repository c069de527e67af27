import type { Database } from '../../database/openDatabase';
import { type Finding, fault, ok } from './finding';

/** Fanfare follows the database's clock; beyond this, times in logs do not match those in rows. */
const allowedMs = 2_000;
/** A row from the future was written by a clock that was ahead, or this one is behind. */
const allowedAheadMs = 60_000;

/** Compares this machine's clock with the database server's, and with the newest row. */
export async function checkClock(database: Database): Promise<Finding[]> {
  return [...againstServer(database), ...(await againstRows(database))];
}

function againstServer(database: Database): Finding[] {
  if (database.kind !== 'mysql') return [];
  const aheadMs = database.clock.differenceMs;
  const seconds = (Math.abs(aheadMs) / 1_000).toFixed(1);
  if (Math.abs(aheadMs) <= allowedMs) return [ok(`The clock agrees with the database's (${seconds} s).`)];
  const direction = aheadMs > 0 ? 'ahead of' : 'behind';
  return [
    fault(
      `The clock of this machine is ${seconds} s ${direction} the database's: keep both right with NTP (chrony, systemd-timesyncd).`,
    ),
  ];
}

async function againstRows(database: Database): Promise<Finding[]> {
  const [row] = await database.sql.rows<{ newest: number | null }>(
    'SELECT createdAt AS newest FROM notification ORDER BY id DESC LIMIT 1',
  );
  const aheadMs = Number(row?.newest ?? 0) - database.now();
  if (aheadMs <= allowedAheadMs) return [];
  const hours = (aheadMs / 3_600_000).toFixed(1);
  return [
    fault(`The newest notification is ${hours} h in the future: the clock of this machine was or is wrong.`),
  ];
}
