import { AreaClosed, LinePath } from '@visx/shape';
import type { ReactNode } from 'react';
import type { ChartTerm } from './ChartBox';
import { ChartFrame } from './ChartFrame';

/** One line over its area; `color` is a CSS colour. */
export function AreaLine(props: {
  name: string;
  labels: readonly string[];
  values: readonly number[];
  color: string;
  height: number;
  tell: (index: number) => readonly ChartTerm[];
}): ReactNode {
  const { values, color, ...frame } = props;
  return (
    <ChartFrame
      {...frame}
      most={Math.max(0, ...values)}
      draw={({ y, middle }, chosen) => {
        const line = {
          data: [...values],
          x: (_: number, index: number) => middle(index),
          y: (value: number) => y(value),
        };
        return (
          <>
            <AreaClosed {...line} yScale={y} fill={color} opacity={0.16} />
            <LinePath {...line} stroke={color} strokeWidth={2} strokeLinejoin="round" />
            {chosen !== undefined && (
              <circle
                className="chart-dot"
                cx={middle(chosen)}
                cy={y(values[chosen] ?? 0)}
                r={4.5}
                fill={color}
              />
            )}
          </>
        );
      }}
    />
  );
}
