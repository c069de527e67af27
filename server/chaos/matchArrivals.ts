/** A message to one browser, and when it was sent. */
export interface SentMessage {
  readonly browser: number;
  /** By `process.hrtime`. */
  readonly atNs: bigint;
}

/** A POST that the push service accepted for a browser, and when. */
export interface Arrival {
  readonly index: number;
  /** By `process.hrtime`, as decimal digits. */
  readonly atNs: string;
}

/**
 * How long each message took to arrive, in milliseconds; undefined if it did not arrive. Several messages to the same
 * browser are matched in the order in which they were sent: the arrivals themselves do not tell which message they carry.
 */
export function matchArrivals(
  sent: readonly SentMessage[],
  arrivals: readonly Arrival[],
): Array<number | undefined> {
  const waiting = new Map<number, bigint[]>();
  for (const { index, atNs } of arrivals) {
    const ofBrowser = waiting.get(index);
    if (ofBrowser) ofBrowser.push(BigInt(atNs));
    else waiting.set(index, [BigInt(atNs)]);
  }
  for (const ofBrowser of waiting.values()) ofBrowser.sort((a, b) => (a < b ? -1 : 1));
  return sent.map(({ browser, atNs }) => {
    const arrivedAt = waiting.get(browser)?.shift();
    return arrivedAt === undefined ? undefined : Number(arrivedAt - atNs) / 1e6;
  });
}
