import { useElementSize, useMergedRef } from '@mantine/hooks';
import { AxisBottom, AxisLeft } from '@visx/axis';
import { GridRows } from '@visx/grid';
import { scaleBand, scaleLinear } from '@visx/scale';
import type { ReactNode } from 'react';
import { inShort } from '../layout/words';
import { ChartBox, type ChartTerm, inOneLine } from './ChartBox';
import './charts.css';
import { useChosenPoint } from './useChosenPoint';

const left = 44;
const right = 16;
const bottom = 24;
const top = 8;
const labelWidth = 56;
/** Between two lines of the grid, about. */
const rowHeight = 70;
/** Between two bars, as a share of a bar with its gap. */
const gap = 0.32;

/** Where a chart draws: scales from the index of a point, and from a value, to pixels. */
export type Plot = ReturnType<typeof plotOf>;

interface ChartFrameProps {
  /** What the chart is about, for those who do not see it. */
  readonly name: string;
  readonly height: number;
  readonly labels: readonly string[];
  /** The highest value that is drawn. */
  readonly most: number;
  readonly draw: (plot: Plot, chosen: number | undefined) => ReactNode;
  /** What the box says of a point. */
  readonly tell: (index: number) => readonly ChartTerm[];
}

/** Axes, grid and the box with the numbers of a point; a table with all of them goes with every chart. */
export function ChartFrame({ name, height, labels, most, draw, tell }: ChartFrameProps): ReactNode {
  const { ref, width } = useElementSize();
  const plot = plotOf(labels.length, most, width, height);
  const step = plot.x.step();
  const last = labels.length - 1;
  const { index, ...chosen } = useChosenPoint(labels.length, (x) => Math.floor((x - left) / step));
  const every = Math.ceil(labelWidth / step);
  const read = index ?? last;
  return (
    <div
      className="chart"
      ref={useMergedRef(ref, chosen.ref)}
      style={{ height }}
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={read}
      aria-valuetext={inOneLine(labels[read] ?? '', tell(read))}
      {...chosen.holder}
    >
      {width > 0 && (
        <svg width={width} height={height} role="presentation" {...chosen.drawing}>
          <GridRows
            className="chart-grid"
            left={left}
            width={width - left - right}
            scale={plot.y}
            numTicks={plot.rows}
          />
          {index !== undefined && (
            <rect
              className="chart-chosen"
              x={left + step * index}
              y={top}
              width={step}
              height={height - top - bottom}
            />
          )}
          {draw(plot, index)}
          <AxisLeft
            {...axis}
            left={left}
            scale={plot.y}
            numTicks={plot.rows}
            tickFormat={(value) => inShort(Number(value))}
          />
          <AxisBottom
            {...axis}
            top={height - bottom}
            scale={plot.x}
            // the newest always has its label
            tickValues={plot.x.domain().filter((point) => (last - point) % every === 0)}
            tickFormat={(point) => labels[point]}
          />
        </svg>
      )}
      {index !== undefined && (
        <ChartBox
          left={plot.middle(index)}
          aside={step / 2 + 8}
          title={labels[index] ?? ''}
          terms={tell(index)}
        />
      )}
    </div>
  );
}

const axis = {
  hideAxisLine: true,
  hideTicks: true,
  tickLength: 6,
  tickLabelProps: { className: 'chart-label' },
};

function plotOf(count: number, most: number, width: number, height: number) {
  const x = scaleBand({
    domain: Array.from({ length: count }, (_, index) => index),
    range: [left, Math.max(left, width - right)],
    paddingInner: gap,
    paddingOuter: gap / 2,
  });
  const rows = Math.round(height / rowHeight);
  // at least as high as it has rows: what is counted has no halves
  const domain = [0, Math.max(rows, most)];
  const y = scaleLinear({ domain, range: [height - bottom, top], nice: rows });
  return { x, y, rows, middle: (index: number) => (x(index) ?? 0) + x.bandwidth() / 2 };
}
