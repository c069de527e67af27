import type { Database } from '../openDatabase';

/** Concurrent transactions that count alike wait for one row only when they share its slot. */
const slots = 8;

/**
 * Which of the rows that hold one count grows; SQLite has one writer, who needs but one.
 * @param spread any number, for example an id
 */
export function countSlot(kind: Database['kind'], spread: number): number {
  return kind === 'mysql' ? spread % slots : 0;
}
