import type { ReactNode } from 'react';

/** One column of a table, which is one line of a card where the table does not fit. */
export interface Column<Row> {
  readonly header: string;
  /** Null leaves the line out of a card. */
  readonly cell: (row: Row) => ReactNode;
  readonly kind?: 'number' | 'acts';
  /** In a card: beside its heading, or on a line of its own; else on one with others. */
  readonly inCard?: 'beside' | 'whole';
  /** Takes the room that the other columns leave. */
  readonly isWide?: true;
}

/** The columns of a table; the first one names its row, and is the heading of its card. */
export type Columns<Row> = readonly [Column<Row>, ...Column<Row>[]];
