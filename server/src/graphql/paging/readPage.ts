import type { ListCursors } from '../../secrets/sealedCursors';
import type { PageRequest } from '../../views/page';
import type { HistoryPlace } from '../../views/person/deliveryHistory';
import { refuse } from '../fields';

const defaultFirst = 20;
export const maxFirst = 100;

/** @throws Refusal BAD_USER_INPUT for `first` beyond 1..100 and for a cursor of another list */
export function readPage(
  cursors: ListCursors,
  first: number | null | undefined,
  after: string | null | undefined,
): PageRequest {
  if (after == null) return { first: readFirst(first), after: undefined };
  const [id] = readCursor(cursors, after, 1);
  return { first: readFirst(first), after: id };
}

/** The same for a person's history. */
export function readHistoryPage(
  cursors: ListCursors,
  first: number | null | undefined,
  after: string | null | undefined,
): { first: number; after: HistoryPlace | undefined } {
  if (after == null) return { first: readFirst(first), after: undefined };
  const [notificationId = 0, subscriptionId = 0] = readCursor(cursors, after, 2);
  return { first: readFirst(first), after: { notificationId, subscriptionId } };
}

function readFirst(first: number | null | undefined): number {
  const rows = first ?? defaultFirst;
  if (rows < 1 || rows > maxFirst) refuse(['first'], `Must be a whole number from 1 to ${maxFirst}.`);
  return rows;
}

function readCursor(cursors: ListCursors, cursor: string, length: number): number[] {
  const position = cursors.open(cursor);
  return position?.length === length ? position : refuse(['after'], 'Not a cursor of this list.');
}
