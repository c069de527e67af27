import { useElementSize } from '@mantine/hooks';
import { type PointerEvent, type ReactNode, useState } from 'react';
import { inShort } from '../layout/words';
import { type ChartScale, labelEvery } from './chartScale';
import './charts.css';

const left = 44;
const bottom = 24;
const top = 8;
const labelWidth = 56;

/** Where a chart draws: all in pixels. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  /** Of one point. */
  readonly step: number;
  /** The middle of a point. */
  x(index: number): number;
  y(value: number): number;
}

interface ChartFrameProps {
  readonly height: number;
  readonly labels: readonly string[];
  readonly scale: ChartScale;
  readonly draw: (plot: Plot) => ReactNode;
  /** What stands beside the pointer over a point. */
  readonly tell: (index: number) => ReactNode;
}

/** Axes, grid and the box beside the pointer; a table with the numbers goes with every chart. */
export function ChartFrame({ height, labels, scale, draw, tell }: ChartFrameProps): ReactNode {
  const { ref, width } = useElementSize();
  const [hovered, setHovered] = useState<number>();
  const inner = Math.max(0, width - left - 4);
  const plotHeight = height - top - bottom;
  const step = inner / Math.max(1, labels.length);
  const plot: Plot = {
    ...{ width: inner, height: plotHeight, step },
    x: (index) => left + step * (index + 0.5),
    y: (value) => top + plotHeight * (1 - value / scale.top),
  };
  const every = labelEvery(labels.length, inner, labelWidth);
  const follow = (event: PointerEvent<SVGSVGElement>) => {
    const index = Math.floor(
      (event.clientX - event.currentTarget.getBoundingClientRect().left - left) / step,
    );
    setHovered(index >= 0 && index < labels.length ? index : undefined);
  };
  return (
    <div className="chart" ref={ref} aria-hidden="true">
      <svg
        width={width}
        height={height}
        role="presentation"
        onPointerMove={follow}
        onPointerDown={follow}
        onPointerLeave={() => setHovered(undefined)}
      >
        {scale.ticks.map((tick) => (
          <g key={tick}>
            <line className="chart-grid" x1={left} x2={left + inner} y1={plot.y(tick)} y2={plot.y(tick)} />
            <text
              className="chart-label"
              x={left - 8}
              y={plot.y(tick)}
              textAnchor="end"
              dominantBaseline="middle"
            >
              {inShort(tick)}
            </text>
          </g>
        ))}
        {hovered !== undefined && (
          <rect className="chart-hover" x={left + step * hovered} y={top} width={step} height={plotHeight} />
        )}
        {draw(plot)}
        {labels.map(
          (label, index) =>
            (labels.length - 1 - index) % every === 0 && (
              // biome-ignore lint/suspicious/noArrayIndexKey: two hours of a clock change bear one name
              <text key={index} className="chart-label" x={plot.x(index)} y={height - 6} textAnchor="middle">
                {label}
              </text>
            ),
        )}
      </svg>
      {hovered !== undefined && (
        <div
          className="chart-box"
          data-side={hovered > labels.length / 2 ? 'left' : 'right'}
          style={{ left: plot.x(hovered) }}
        >
          <strong>{labels[hovered]}</strong>
          {tell(hovered)}
        </div>
      )}
    </div>
  );
}
