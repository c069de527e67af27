import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { inFull } from '../layout/words';
import { ChartFrame, type Plot } from './ChartFrame';
import { chartScale } from './chartScale';

/** One colour of the stack; `color` is a CSS colour, `values` has one for each label. */
export interface BarSeries {
  readonly label: string;
  readonly color: string;
  readonly values: readonly number[];
}

const widest = 44;

/** Bars of several parts, with a legend; parts that are 0 throughout are left out. */
export function StackedBars(props: {
  labels: readonly string[];
  series: readonly BarSeries[];
  height: number;
}): ReactNode {
  const { labels, height } = props;
  const series = props.series.filter(({ values }) => values.some((value) => value > 0));
  const sums = labels.map((_, index) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  return (
    <>
      <ChartFrame
        height={height}
        labels={labels}
        scale={chartScale(Math.max(0, ...sums))}
        draw={(plot) => labels.map((_, index) => drawBar(plot, series, index))}
        tell={(index) =>
          series.map(({ label, color, values }) => (
            <div key={label} className="chart-term">
              <span className="status-dot" style={{ backgroundColor: color }} />
              {label}
              <span>{inFull(values[index] ?? 0)}</span>
            </div>
          ))
        }
      />
      <Group gap="md" justify="center" mt={4} aria-hidden="true">
        {series.map(({ label, color }) => (
          <Text key={label} size="xs" c="dimmed" component="span">
            <span className="status-dot" style={{ backgroundColor: color }} />
            {label}
          </Text>
        ))}
      </Group>
    </>
  );
}

function drawBar(plot: Plot, series: readonly BarSeries[], index: number): ReactNode {
  const width = Math.max(1, Math.min(widest, plot.step * 0.68));
  let below = 0;
  return (
    <g key={index}>
      {series.map(({ label, color, values }) => {
        const value = values[index] ?? 0;
        if (value === 0) return null;
        below += value;
        const y = plot.y(below);
        // what is there is seen, however little it is
        const height = Math.max(1, plot.y(below - value) - y);
        return (
          <rect
            key={label}
            x={plot.x(index) - width / 2}
            y={y}
            width={width}
            height={height}
            fill={color}
            rx={1.5}
          />
        );
      })}
    </g>
  );
}
