import { Table } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';

/** A table that scrolls sideways where it does not fit, by the keyboard too; `minWidth` in pixels. */
export function WideTable(props: { label: string; minWidth: number; children: ReactNode }): ReactNode {
  const { ref, width } = useElementSize();
  const scrolls = width > 0 && width < props.minWidth;
  return (
    <section ref={ref} className="wide-table" aria-label={props.label} tabIndex={scrolls ? 0 : undefined}>
      <Table verticalSpacing="xs" miw={props.minWidth}>
        {props.children}
      </Table>
    </section>
  );
}
