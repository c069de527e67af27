import type { PageRequest } from '../../status/page';
import { refuse } from './fields';

const defaultFirst = 20;
export const maxFirst = 100;

/** @throws Refusal BAD_USER_INPUT for `first` beyond 1..100 and for a cursor that is none of ours */
export function readPage(first: number | null | undefined, after: string | null | undefined): PageRequest {
  const rows = first ?? defaultFirst;
  if (rows < 1 || rows > maxFirst) refuse(['first'], `Must be a whole number from 1 to ${maxFirst}.`);
  return { first: rows, after: after == null ? undefined : readCursor(after) };
}

/** The place of a row in a list that is ordered by an id. */
export function cursorOf(id: number): string {
  return Buffer.from(`id:${id}`).toString('base64url');
}

function readCursor(cursor: string): number {
  const id = Number(/^id:([1-9]\d{0,14})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]);
  return cursorOf(id) === cursor ? id : refuse(['after'], 'This is no cursor of this list.');
}
