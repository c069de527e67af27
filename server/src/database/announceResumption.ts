import type { Database } from './openDatabase';

/** The end of a pause of a push service before its time. */
export interface Resumption {
  /** A push service as the health list names it, or one host of it. */
  readonly name: string;
  /** Undefined: the pauses of all applications there, and the push service's own. */
  readonly applicationId: number | undefined;
}

const keptMs = 24 * 3_600_000;

/** Tells all workers; they look every two seconds. @returns the time that the announcement carries */
export async function announceResumption(
  database: Database,
  { name, applicationId }: Resumption,
): Promise<number> {
  const now = database.now();
  await database.write((sql) =>
    sql.batch([
      { text: 'DELETE FROM push_service_resumption WHERE resumedAt < ?', values: [now - keptMs] },
      {
        text: 'REPLACE INTO push_service_resumption (name, applicationId, resumedAt) VALUES (?, ?, ?)',
        values: [name, applicationId ?? 0, now],
      },
    ]),
  );
  return now;
}
