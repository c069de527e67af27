import { useClickOutside, useElementSize, useMergedRef } from '@mantine/hooks';
import { AxisBottom, AxisLeft } from '@visx/axis';
import { localPoint } from '@visx/event';
import { GridRows } from '@visx/grid';
import { scaleBand, scaleLinear } from '@visx/scale';
import { type PointerEvent, type ReactNode, useState } from 'react';
import { inShort } from '../layout/words';
import { ChartBox, type ChartTerm, inOneLine } from './ChartBox';
import './charts.css';

const margin = { left: 44, right: 16, top: 8, bottom: 24 };
const labelWidth = 56;
/** Between two lines of the grid, about. */
const rowHeight = 70;
/** Between two bars, as a share of a bar with its gap. */
const gap = 0.32;
const axis = {
  hideAxisLine: true,
  hideTicks: true,
  tickLength: 6,
  tickLabelProps: { className: 'chart-label' },
};

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

/**
 * Axes, grid, and a box with the numbers of the point that pointer, finger or arrow keys choose. A table with all of
 * them goes with every chart.
 */
export function ChartFrame({ name, height, labels, most, draw, tell }: ChartFrameProps): ReactNode {
  const { ref, width } = useElementSize();
  const [chosen, setChosen] = useState<number>();
  const close = () => setChosen(undefined);
  const { x, y, rows, middle } = plotOf(labels.length, most, width, height);
  const step = x.step();
  const last = labels.length - 1;
  const index = chosen !== undefined && chosen <= last ? chosen : undefined;
  const read = index ?? last;
  const every = Math.ceil(labelWidth / step);
  const follow = (event: PointerEvent) => {
    const at = Math.floor(((localPoint(event)?.x ?? 0) - margin.left) / step);
    setChosen(at >= 0 && at <= last ? at : undefined);
  };
  return (
    <div className="chart" style={{ height }} ref={useMergedRef(ref, useClickOutside<HTMLDivElement>(close))}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          aria-hidden="true"
          onPointerMove={follow}
          onPointerDown={follow}
          // a finger that is lifted leaves, too: what it chose is yet to be read
          onPointerLeave={({ pointerType }) => pointerType === 'mouse' && close()}
        >
          <GridRows
            className="chart-grid"
            left={margin.left}
            width={width - margin.left - margin.right}
            scale={y}
            numTicks={rows}
          />
          {index !== undefined && (
            <rect
              className="chart-chosen"
              x={margin.left + step * index}
              y={margin.top}
              width={step}
              height={height - margin.top - margin.bottom}
            />
          )}
          {draw({ x, y, rows, middle }, index)}
          <AxisLeft
            {...axis}
            left={margin.left}
            scale={y}
            numTicks={rows}
            tickFormat={(value) => inShort(Number(value))}
          />
          <AxisBottom
            {...axis}
            top={height - margin.bottom}
            scale={x}
            // the newest always has its label
            tickValues={x.domain().filter((point) => (last - point) % every === 0)}
            tickFormat={(point) => labels[point]}
          />
        </svg>
      )}
      <input
        className="chart-keys"
        type="range"
        aria-label={name}
        aria-valuetext={inOneLine(labels[read] ?? '', tell(read))}
        max={last}
        value={read}
        onChange={(event) => setChosen(event.currentTarget.valueAsNumber)}
        onFocus={() => setChosen(read)}
        onBlur={close}
        onKeyDown={({ key }) => key === 'Escape' && close()}
      />
      {index !== undefined && (
        <ChartBox left={middle(index)} aside={step / 2 + 8} title={labels[index] ?? ''} terms={tell(index)} />
      )}
    </div>
  );
}

function plotOf(count: number, most: number, width: number, height: number) {
  const x = scaleBand({
    domain: Array.from({ length: count }, (_, index) => index),
    range: [margin.left, Math.max(margin.left, width - margin.right)],
    paddingInner: gap,
    paddingOuter: gap / 2,
  });
  const rows = Math.round(height / rowHeight);
  // at least as high as it has rows: what is counted has no halves
  const domain = [0, Math.max(rows, most)];
  const y = scaleLinear({ domain, range: [height - margin.bottom, margin.top], nice: rows });
  return { x, y, rows, middle: (index: number) => (x(index) ?? 0) + x.bandwidth() / 2 };
}
