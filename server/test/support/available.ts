/** What a test may need and a machine may lack. */
export type Need = 'mysql' | 'rabbitmq' | 'firefox' | 'chromium';

/** `npm test` looks what is there and names what is missing, comma separated; without it everything counts as there. */
const missing = new Set((process.env.FANFARE_TEST_WITHOUT ?? '').split(',').map((name) => name.trim()));

export function isAvailable(need: Need): boolean {
  return !missing.has(need);
}

/** `describe` where everything that is needed is there; elsewhere the block is shown as skipped. */
export function describeWith(needs: Need | readonly Need[], name: string, body: () => void): void {
  const all = typeof needs === 'string' ? [needs] : needs;
  (all.every(isAvailable) ? describe : describe.skip)(name, body);
}
