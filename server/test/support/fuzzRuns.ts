/** How often each property of the fuzz tests is tried: `npm run fuzz` makes it 100,000 in total, other runs few. */
export const fuzzRuns = Number(process.env.FANFARE_FUZZ_RUNS ?? 300);

jest.setTimeout(600_000);

/** So that no run ends at a limit. */
export const unlimited = {
  ...{ perKey: 10_000_000, perAddress: 10_000_000, subscribesPerAddress: 10_000_000 },
  perOperation: {},
};
