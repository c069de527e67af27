import { inOrderOfIds } from './indexHints';
import { nextTurn } from './nextTurn';
import type { Sql } from './sql';

const stepRows = 20_000;

/** A range of push subscription ids: greater than `after`, up to and with `upTo`. */
export interface IdRange {
  readonly after: number;
  readonly upTo: number;
}

/**
 * An application's live push subscriptions in ranges of at most 20,000, for statements that count them: none takes
 * long, and everything else in the process gets its turn in between.
 */
export async function* reachableSteps(sql: Sql, applicationId: number): AsyncGenerator<IdRange> {
  for (let after = 0; after < Number.MAX_SAFE_INTEGER; ) {
    const [last] = await sql.rows<{ id: number }>(
      `SELECT id FROM push_subscription ${inOrderOfIds}
       WHERE applicationId = ? AND retiredAt IS NULL AND id > ?
       ORDER BY id LIMIT 1 OFFSET ${stepRows - 1}`,
      [applicationId, after],
    );
    const upTo = last?.id ?? Number.MAX_SAFE_INTEGER;
    yield { after, upTo };
    after = upTo;
    await nextTurn();
  }
}
