import type { ReactNode } from 'react';
import { ChartFrame } from './ChartFrame';
import { chartScale } from './chartScale';

/** One line over its area; `color` is a CSS colour. */
export function AreaLine(props: {
  labels: readonly string[];
  values: readonly number[];
  color: string;
  height: number;
  tell: (index: number) => ReactNode;
}): ReactNode {
  const { labels, values, color, height, tell } = props;
  return (
    <ChartFrame
      height={height}
      labels={labels}
      scale={chartScale(Math.max(0, ...values))}
      tell={tell}
      draw={(plot) => {
        const points = values.map((value, index) => `${plot.x(index)},${plot.y(value)}`);
        const area = `M${plot.x(0)},${plot.y(0)}L${points.join('L')}L${plot.x(values.length - 1)},${plot.y(0)}Z`;
        return (
          <>
            <path d={area} fill={color} opacity={0.16} />
            <polyline
              points={points.join(' ')}
              fill="none"
              stroke={color}
              strokeWidth={2}
              strokeLinejoin="round"
            />
          </>
        );
      }}
    />
  );
}
