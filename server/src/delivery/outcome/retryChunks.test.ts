import { retryChunks } from './retryChunks';

const now = 1_000_000;

/** Sizes of the chunks, and the longest that one of a chunk waits for its neighbours. */
function chunked(waitsMs: readonly number[]) {
  const chunks = retryChunks(
    waitsMs.map((waitMs) => ({ next: { dueAt: now + waitMs } })),
    now,
  );
  const times = chunks.map((chunk) => chunk.map(({ next }) => next.dueAt));
  return {
    sizes: chunks.map(({ length }) => length),
    extraMs: Math.max(0, ...times.map((each) => Math.max(...each) - Math.min(...each))),
  };
}

const repeated = (count: number, waitMs: number) => Array.from({ length: count }, () => waitMs);
const spreadOver = (count: number, overMs: number) =>
  Array.from({ length: count }, (_, index) => (index * overMs) / count);

describe('chunks of retries', () => {
  it.each([
    ['nothing', [], []],
    ['what comes back at once', repeated(500, 4_000), [500]],
    ['a first backoff of one second', spreadOver(500, 1_000), [500]],
    ['a few within seconds', [0, 2_000, 7_000, 12_000], [4]],
    ['a few, one of which was asked to wait long', [500, 900, 3_600_000], [2, 1]],
    ['two crowds', [...repeated(60, 0), ...repeated(60, 5_000)], [60, 60]],
    ['a crowd and a straggler', [...repeated(49, 0), 5_000], [50]],
  ])('of %s', (_what, waitsMs, sizes) => {
    expect(chunked(waitsMs).sizes).toEqual(sizes);
  });

  it.each([1_000, 16_000, 64_000, 3_600_000])('over %d ms are few and fair', (overMs) => {
    const { sizes, extraMs } = chunked(spreadOver(500, overMs));
    expect(sizes.length).toBeLessThanOrEqual(10);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(500);
    expect(extraMs).toBeLessThanOrEqual(overMs / 2 + 30_000);
  });

  it('does not grind a dispatch down, however often its push service is down', () => {
    let sizes = [500];
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      sizes = sizes.flatMap((size) => chunked(spreadOver(size, 1_000 * 2 ** (attempt - 1))).sizes);
    }
    expect(sizes.length).toBeLessThanOrEqual(25);
  });
});
