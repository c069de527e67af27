/** One page of a list that is read by key: no offsets, so rows that come and go make no gap and no repeat. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

export interface PageRequest {
  /** Rows wanted, 1 to 100. */
  readonly first: number;
  /** The key of the last row of the page before; undefined begins at the start. */
  readonly after?: number | undefined;
}

/** Cuts off the extra row that was read to see whether the list continues. */
export function cutPage<Row>(rows: Row[], { first, after }: { first: number; after?: unknown }): Page<Row> {
  return {
    rows: rows.slice(0, first),
    hasNextPage: rows.length > first,
    hasPreviousPage: after !== undefined,
  };
}
