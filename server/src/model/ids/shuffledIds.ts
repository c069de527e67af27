import Sqids from 'sqids';
import type { IdKind, IdScheme } from './idScheme';

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const minLength = 12;
const maxLength = 56;

/**
 * The scheme of installations that were set up before `EncryptedIds`; partners have stored its ids. Sqids with an
 * alphabet shuffled by the salt: the shuffle has only 32 bits of state, so that trying all of them reveals row numbers.
 */
export class ShuffledIds implements IdScheme {
  readonly #sqids: Sqids;

  constructor(salt: string) {
    this.#sqids = new Sqids({ alphabet: shuffled(alphabet, salt), minLength });
  }

  encode(_kind: IdKind, numbers: readonly number[]): string {
    return this.#sqids.encode([...numbers]);
  }

  decode(kind: IdKind, letters: string): number[] | undefined {
    if (letters.length > maxLength) return undefined;
    const numbers = this.#sqids.decode(letters);
    // some letters decode to more than a number can hold
    const isCanonical =
      numbers.length > 0 && numbers.every(Number.isSafeInteger) && this.encode(kind, numbers) === letters;
    return isCanonical ? numbers : undefined;
  }
}

/** Fisher-Yates with a generator (mulberry32) seeded by the salt: the same salt gives the same order. */
function shuffled(text: string, salt: string): string {
  const letters = [...text];
  let state = seed(salt);
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  for (let last = letters.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [letters[last], letters[other]] = [letters[other] ?? '', letters[last] ?? ''];
  }
  return letters.join('');
}

function seed(salt: string): number {
  let hash = 2166136261;
  for (const letter of salt) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  return hash | 0;
}
