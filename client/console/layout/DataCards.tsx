import type { ReactNode } from 'react';
import type { Column, Columns } from './column';

/** Each row as a card: its first column as the heading, the others as names and values, what can be done below. */
export function DataCards<Row>(props: {
  columns: Columns<Row>;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}): ReactNode {
  const [heading, ...others] = props.columns;
  return (
    <ul className="data-cards">
      {props.rows.map((row) => (
        <li key={props.rowKey(row)}>
          <div className="data-card-head">
            <div>
              <span className="visually-hidden">{heading.header}: </span>
              {heading.cell(row)}
            </div>
            {others
              .filter((column) => column.inCard === 'beside')
              .map((column) => (
                <div key={column.header}>
                  <span className="visually-hidden">{column.header}: </span>
                  {column.cell(row)}
                </div>
              ))}
          </div>
          <Lines columns={others} row={row} />
          {others
            .filter((column) => column.kind === 'acts')
            .map((column) => (
              <div key={column.header} className="data-card-acts">
                {column.cell(row)}
              </div>
            ))}
        </li>
      ))}
    </ul>
  );
}

function Lines<Row>({ columns, row }: { columns: readonly Column<Row>[]; row: Row }): ReactNode {
  const shown = columns.filter((column) => column.kind !== 'acts' && column.inCard !== 'beside');
  const isWhole = (column: Column<Row>) => column.inCard === 'whole';
  // the short ones share lines, which the others would break
  const lines = [...shown.filter((column) => !isWhole(column)), ...shown.filter(isWhole)]
    .map((column) => ({ column, value: column.cell(row) }))
    .filter(({ value }) => value !== null);
  return (
    <dl className="data-card-lines">
      {lines.map(({ column, value }) => (
        <div key={column.header} data-whole={column.inCard === 'whole'}>
          <dt>{column.header}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
