/** A pair in one of whose phases the hypervisor took more of this machine's CPU is measured anew. */
export const mostStolen = 0.02;
/** Pairs begun for each that is asked for; after that, those that there are have to do. */
const triesPerPair = 5;

export interface Pairs<Phase> {
  readonly well: readonly Phase[];
  /** As many; each was measured next to the well one of its number. */
  readonly ill: readonly Phase[];
  readonly begun: number;
}

/**
 * Measures pairs of a well and an ill phase until there are enough undisturbed ones. Which comes first changes from
 * one that counts to the next, so that neither has the better of a drift.
 * @param measureWell resolves to a phase with its share (0 to 1) of stolen CPU; so does `measureIll`
 */
export async function measurePairs<Phase extends { readonly stolen: number }>(
  measureWell: () => Promise<Phase>,
  measureIll: () => Promise<Phase>,
  pairs: number,
): Promise<Pairs<Phase>> {
  const well: Phase[] = [];
  const ill: Phase[] = [];
  let begun = 0;
  for (; well.length < pairs && begun < pairs * triesPerPair; begun += 1) {
    const illFirst = well.length % 2 === 1;
    const first = illFirst ? await measureIll() : await measureWell();
    if (first.stolen > mostStolen) continue;
    const second = illFirst ? await measureWell() : await measureIll();
    if (second.stolen > mostStolen) continue;
    well.push(illFirst ? second : first);
    ill.push(illFirst ? first : second);
  }
  return { well, ill, begun };
}
