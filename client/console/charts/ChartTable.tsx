import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';

/** A chart's numbers for those who do not see it. */
export function ChartTable(props: {
  caption: string;
  columns: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}): ReactNode {
  return (
    <VisuallyHidden>
      <table>
        <caption>{props.caption}</caption>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map(([first, ...others], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two hours of a clock change bear one name
            <tr key={index}>
              <th scope="row">{first}</th>
              {others.map((value, column) => (
                <td key={props.columns[column + 1]}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </VisuallyHidden>
  );
}
