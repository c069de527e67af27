import { TooltipWithBounds } from '@visx/tooltip';
import type { ReactNode } from 'react';
import { inFull } from '../layout/words';

/** A number of one point of a chart; `color` is the CSS colour it is drawn in. */
export interface ChartTerm {
  readonly label: string;
  readonly value: number;
  readonly color?: string;
}

/** The numbers of one point, beside it: `aside` pixels from `left`, on the side where there is room. */
export function ChartBox(props: {
  left: number;
  aside: number;
  title: string;
  terms: readonly ChartTerm[];
}): ReactNode {
  return (
    // it measures itself when it appears, therefore one for each point
    <TooltipWithBounds
      key={props.left}
      className="chart-box"
      aria-hidden="true"
      left={props.left}
      offsetLeft={props.aside}
      offsetTop={0}
      unstyled
      applyPositionStyle
    >
      <strong>{props.title}</strong>
      {props.terms.map(({ label, value, color }) => (
        <div key={label} className="chart-term">
          {color && <span className="status-dot" style={{ backgroundColor: color }} />}
          {label}
          <span>{inFull(value)}</span>
        </div>
      ))}
    </TooltipWithBounds>
  );
}

/** The same in one line, for screen readers. */
export function inOneLine(title: string, terms: readonly ChartTerm[]): string {
  return [title, ...terms.map(({ label, value }) => `${label} ${inFull(value)}`)].join(', ');
}
