import type { HistoryPlace } from '../../status/deliveryHistory';
import type { PageRequest } from '../../status/page';
import { refuse } from './fields';

const defaultFirst = 20;
export const maxFirst = 100;

/** @throws Refusal BAD_USER_INPUT for `first` beyond 1..100 and for a cursor that is none of ours */
export function readPage(first: number | null | undefined, after: string | null | undefined): PageRequest {
  return { first: readFirst(first), after: after == null ? undefined : readCursor(after) };
}

/** The same for a person's history. */
export function readHistoryPage(
  first: number | null | undefined,
  after: string | null | undefined,
): { first: number; after: HistoryPlace | undefined } {
  return { first: readFirst(first), after: after == null ? undefined : readHistoryCursor(after) };
}

function readFirst(first: number | null | undefined): number {
  const rows = first ?? defaultFirst;
  if (rows < 1 || rows > maxFirst) refuse(['first'], `Must be a whole number from 1 to ${maxFirst}.`);
  return rows;
}

/** The place of a row in a list that is ordered by an id. */
export function cursorOf(id: number): string {
  return Buffer.from(`id:${id}`).toString('base64url');
}

function readCursor(cursor: string): number {
  const id = Number(/^id:([1-9]\d{0,14})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]);
  return cursorOf(id) === cursor ? id : refuse(['after'], 'This is no cursor of this list.');
}

/** The place of a delivery in a person's history. */
export function historyCursorOf({ notificationId, subscriptionId }: HistoryPlace): string {
  return Buffer.from(`at:${notificationId}:${subscriptionId}`).toString('base64url');
}

function readHistoryCursor(cursor: string): HistoryPlace {
  const parts = /^at:([1-9]\d{0,14}):([1-9]\d{0,14})$/.exec(Buffer.from(cursor, 'base64url').toString());
  const place = { notificationId: Number(parts?.[1]), subscriptionId: Number(parts?.[2]) };
  return historyCursorOf(place) === cursor ? place : refuse(['after'], 'This is no cursor of this list.');
}
