/** What a test may need and a machine may lack. */
export type Need = 'mysql' | 'mariadbd' | 'rabbitmq' | 'rabbitmq-server' | 'firefox' | 'chromium';

/**
 * The one way to leave a test out. `npm test` looks what is there and names what is missing, comma separated; without
 * that everything counts as there, and fails where it is not.
 */
const missing = new Set((process.env.FANFARE_TEST_WITHOUT ?? '').split(',').map((name) => name.trim()));

function isAvailable(need: Need): boolean {
  return !missing.has(need);
}

/** `describe` where everything that is needed is there; elsewhere the block is shown as skipped. */
export function describeWith(needs: Need | readonly Need[], name: string, body: () => void): void {
  (([needs].flat() as Need[]).every(isAvailable) ? describe : describe.skip)(name, body);
}
