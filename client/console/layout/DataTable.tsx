import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Columns } from './column';
import { DataCards } from './DataCards';
import './dataTable.css';
import { useWidth } from './useWidth';

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: Columns<Row>;
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Pixels; with less room each row is a card. */
  readonly minWidth: number;
}

/** Rows under column headings; where they do not fit, as on a phone, a list of cards that name each value. */
export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const [ref, width] = useWidth();
  return (
    <section ref={ref} aria-label={props.label}>
      {width !== undefined && (width < props.minWidth ? <DataCards {...props} /> : <Rows {...props} />)}
    </section>
  );
}

function Rows<Row>({ columns, rows, rowKey }: DataTableProps<Row>): ReactNode {
  const [naming, ...others] = columns;
  return (
    <Table verticalSpacing="xs" className="data-table">
      <Table.Thead>
        <Table.Tr>
          {columns.map((column) => (
            <Table.Th key={column.header} data-kind={column.kind} {...(column.isWide && { w: '100%' })}>
              {column.kind === 'acts' ? (
                <span className="visually-hidden">{column.header}</span>
              ) : (
                column.header
              )}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={rowKey(row)}>
            <Table.Th scope="row">{naming.cell(row)}</Table.Th>
            {others.map((column) => (
              <Table.Td key={column.header} data-kind={column.kind}>
                {column.cell(row)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
