import { announceResumption, type Resumption } from '../database/announceResumption';
import type { Database } from '../database/openDatabase';

interface ResumptionRow {
  name: string;
  applicationId: number;
  resumedAt: number;
}

/** What other processes say of pauses that have ended, and what this one tells them. */
export class Resumptions {
  #seen: Map<string, number> | undefined;

  constructor(private readonly database: Database) {}

  /** @returns what others have ended since the last call; nothing at the first one */
  async news(): Promise<Resumption[]> {
    const rows = await this.database.sql.rows<ResumptionRow>(
      'SELECT name, applicationId, resumedAt FROM push_service_resumption',
    );
    const seen = this.#seen;
    this.#seen = new Map(rows.map((row) => [keyOf(row.name, row.applicationId), Number(row.resumedAt)]));
    if (!seen) return [];
    return rows
      .filter((row) => seen.get(keyOf(row.name, row.applicationId)) !== Number(row.resumedAt))
      .map(({ name, applicationId }) => ({ name, applicationId: Number(applicationId) || undefined }));
  }

  async announce(resumption: Resumption): Promise<void> {
    const resumedAt = await announceResumption(this.database, resumption);
    this.#seen?.set(keyOf(resumption.name, resumption.applicationId ?? 0), resumedAt);
  }
}

function keyOf(name: string, applicationId: number): string {
  return `${name} ${applicationId}`;
}
