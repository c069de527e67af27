/** Heights for values from 0 on, with round numbers at the side. */
export interface ChartScale {
  readonly top: number;
  readonly ticks: readonly number[];
}

/** The smallest round scale that holds `most`, with three or four steps; `least` lifts its foot off 0. */
export function chartScale(most: number): ChartScale {
  if (most <= 0) return { top: 1, ticks: [0, 1] };
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10));
  const count = Math.ceil(most / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => index * step);
  return { top: count * step, ticks };
}

/** Which labels to show so that none touches the next: every nth, the last one always among them. */
export function labelEvery(count: number, width: number, labelWidth: number): number {
  return Math.max(1, Math.ceil((count * labelWidth) / Math.max(1, width)));
}
