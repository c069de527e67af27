import type { SqlValue, Statement, StatementResult } from '../database/sql';

const comma = 44;
const zero = 48;

/** Numbers of 32 bits by their place: id 70 is bit 6 of number 2. */
export type IdSet = ReadonlyMap<number, number>;

/**
 * Reads ids as one value, because a row for each takes many times as long.
 * @param rows table and WHERE clause; no id may come twice
 */
export function idsOf(id: string, rows: string, values: SqlValue[]): Statement {
  return { text: `SELECT COUNT(*) AS size, GROUP_CONCAT(${id}) AS ids FROM ${rows}`, values };
}

/**
 * Adds the ids that were read to a set.
 * @returns how many; undefined when the server has cut their list off, for its length
 */
export function addIds(set: Map<number, number>, read: StatementResult | undefined): number | undefined {
  const [row] = (read?.rows ?? []) as { size: number; ids: string | null }[];
  const size = Number(row?.size ?? 0);
  return size === addListed(set, row?.ids ?? '') ? size : undefined;
}

function addListed(set: Map<number, number>, list: string): number {
  if (list.length === 0) return 0;
  let size = 0;
  let id = 0;
  let place = -1;
  let bits = 0;
  const keep = () => set.set(place, (set.get(place) ?? 0) | bits);
  for (let at = 0; at <= list.length; at += 1) {
    const code = at === list.length ? comma : list.charCodeAt(at);
    if (code !== comma) {
      id = id * 10 + code - zero;
      continue;
    }
    const next = Math.floor(id / 32);
    // most come in order, so a number is nearly whole before it is kept
    if (next !== place) {
      if (size > 0) keep();
      place = next;
      bits = 0;
    }
    bits |= 1 << (id % 32);
    size += 1;
    id = 0;
  }
  keep();
  return size;
}

/** How many ids are in all of the first, in any of the second where there are some, and in none of the last. */
export function sizeWhere(all: readonly IdSet[], any: readonly IdSet[], none: readonly IdSet[]): number {
  const [first] = all;
  const places = first ? first.keys() : new Set(any.flatMap((set) => [...set.keys()]));
  let size = 0;
  for (const place of places) {
    const bitsOf = (set: IdSet) => set.get(place) ?? 0;
    let bits = -1;
    for (const set of all) bits &= bitsOf(set);
    if (any.length > 0) bits &= any.reduce((union, set) => union | bitsOf(set), 0);
    for (const set of none) bits &= ~bitsOf(set);
    size += countBits(bits);
  }
  return size;
}

function countBits(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
