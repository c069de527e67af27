import { Group, Text } from '@mantine/core';
import { BarStack } from '@visx/shape';
import type { ReactNode } from 'react';
import { ChartFrame, type Plot } from './ChartFrame';

/** One colour of the stack; `color` is a CSS colour, `values` has one for each label. */
export interface BarSeries {
  readonly label: string;
  readonly color: string;
  readonly values: readonly number[];
}

/** Bars of several parts, with a legend; parts that are 0 throughout are left out. */
export function StackedBars(props: {
  name: string;
  labels: readonly string[];
  series: readonly BarSeries[];
  height: number;
}): ReactNode {
  const { series: all, ...frame } = props;
  const series = all.filter(({ values }) => values.some((value) => value > 0));
  const sums = frame.labels.map((_, index) =>
    series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  );
  return (
    <>
      <ChartFrame
        {...frame}
        most={Math.max(0, ...sums)}
        draw={(plot) => drawBars(plot, series)}
        tell={(index) =>
          series.map(({ label, color, values }) => ({ label, color, value: values[index] ?? 0 }))
        }
      />
      <Group gap="4px 16px" justify="center" mt={8} aria-hidden="true">
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

function drawBars({ x, y }: Plot, series: readonly BarSeries[]): ReactNode {
  return (
    <BarStack
      data={x.domain()}
      keys={[...series.keys()]}
      value={(index, key) => series[key]?.values[index] ?? 0}
      x={(index) => index}
      xScale={x}
      yScale={y}
      color={(key) => series[key]?.color ?? ''}
    >
      {(stacks) =>
        stacks.map(({ key, bars }) =>
          bars
            .filter(({ height }) => height > 0)
            .map(({ index, color, height, ...bar }) => (
              <rect
                key={`${key} ${index}`}
                x={bar.x}
                y={bar.y}
                width={bar.width}
                // what is there is seen, however little it is
                height={Math.max(1, height)}
                fill={color}
                rx={1.5}
              />
            )),
        )
      }
    </BarStack>
  );
}
