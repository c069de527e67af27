/** How often each property of the fuzz tests is tried: `npm run fuzz` makes it 100,000 in total, other runs few. */
export const fuzzRuns = Number(process.env.FANFARE_FUZZ_RUNS ?? 300);

jest.setTimeout(600_000);
