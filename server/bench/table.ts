/** Prints rows as a table in Markdown, which reads well on a terminal too; numbers are set to the right. */
export function printTable(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => padded(cell, widths[column] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  process.stdout.write(`\n${title}\n\n${[line(head), rule, ...rows.map(line)].join('\n')}\n\n`);
}

function padded(cell: string, width: number): string {
  return /^-?[\d.,]+( |$)/.test(cell) ? cell.padStart(width) : cell.padEnd(width);
}

/** 1234567.8 as "1,234,568", small numbers with one decimal. */
export function figure(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const [below, above] = [ordered[(ordered.length - 1) >> 1], ordered[ordered.length >> 1]];
  return ((below ?? Number.NaN) + (above ?? Number.NaN)) / 2;
}

/** The smallest value that at least this share of all is not above. */
export function quantile(values: readonly number[], share: number): number {
  const ordered = Float64Array.from(values).sort();
  return ordered[Math.max(0, Math.ceil(ordered.length * share) - 1)] ?? Number.NaN;
}
