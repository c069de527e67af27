import { z } from 'zod';
import { readConfig } from '../../config';
import { openDatabase } from '../../database/openDatabase';
import { Refusal } from '../../model/refusal';
import { dayMs } from '../../model/timeSpans';
import { listRevocations } from './listRevocations';
import { publicIdsOf } from './publicIdsOf';
import { revocationLine } from './revocation';

const time = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** `fanfare revocations`: prints what was taken back since a moment, to be kept next to the backups. */
export async function revocations({ since: given }: { since: string }): Promise<void> {
  const config = readConfig(process.env);
  const since = readSince(given);
  const database = await openDatabase(config.database);
  try {
    const keptFrom = database.now() - config.retentionDays * dayMs;
    if (config.retentionDays > 0 && since < keptFrom) {
      process.stderr.write(
        `FANFARE_RETENTION_DAYS: browsers that unsubscribed and people who were forgotten before ${new Date(keptFrom).toISOString()} may be missing.\n`,
      );
    }
    const ids = await publicIdsOf(database);
    for await (const revocation of listRevocations(database, since)) {
      process.stdout.write(`${revocationLine(revocation, ids)}\n`);
    }
  } finally {
    await database.close();
  }
}

function readSince(given: string): number {
  const { data } = time.safeParse(given);
  if (data === undefined) {
    throw new Refusal('BAD_USER_INPUT', '--since must be a date or a DateTime such as 2026-11-30T21:30:00Z.');
  }
  return Date.parse(data);
}
