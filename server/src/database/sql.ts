import type { QueryRunner } from 'typeorm';

/** A value that both drivers bind alike. */
export type SqlValue = string | number | boolean | Buffer | null;

/** Plain SQL on one connection, for the hot paths. Placeholders are `?` on both engines. */
export interface Sql {
  rows<Row>(statement: string, values?: readonly SqlValue[]): Promise<Row[]>;
  run(statement: string, values?: readonly SqlValue[]): Promise<{ affected: number; insertId: number }>;
}

/** The same two verbs over TypeORM's runner, whose results differ by driver. */
export function sqlOf(runner: QueryRunner): Sql {
  return {
    async rows<Row>(statement: string, values: readonly SqlValue[] = []) {
      const result = await runner.query(statement, [...values], true);
      return result.records as Row[];
    },
    async run(statement: string, values: readonly SqlValue[] = []) {
      const result = await runner.query(statement, [...values], true);
      const raw: unknown = result.raw;
      const insertId =
        typeof raw === 'object' && raw !== null && 'insertId' in raw ? Number(raw.insertId) : Number(raw);
      return { affected: Number(result.affected ?? 0), insertId };
    },
  };
}

/** A list of ids for an `IN (…)`; numbers of our own, so they may stand in the statement itself. */
export function idList(ids: readonly number[]): string {
  for (const id of ids) if (!Number.isSafeInteger(id)) throw new TypeError(`${id} is no id.`);
  return ids.join(',');
}

export function placeholders(count: number): string {
  return Array.from({ length: count }, () => '?').join(',');
}
