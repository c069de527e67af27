import Sqids from 'sqids';

export type IdKind = 'application' | 'apiKey' | 'subscription' | 'notification' | 'delivery' | 'dispatch';

const prefixes: Record<IdKind, string> = {
  application: 'app_',
  apiKey: 'key_',
  subscription: 'sub_',
  notification: 'ntf_',
  delivery: 'dlv_',
  dispatch: 'dsp_',
};

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const minLength = 12;

/**
 * Row numbers inside, opaque names outside: `sub_k3Jd90sPqAz1`. The alphabet is shuffled by the installation's
 * salt, so that an id tells nobody how many subscribers there are. Ids are names, not secrets: every look-up
 * still checks whose row it is.
 */
export class PublicIds {
  readonly #sqids: Sqids;
  /** Some notification's: all ids of a kind that numbers of a common size have are of one length. */
  readonly sampleNotification: string;

  constructor(salt: string) {
    this.#sqids = new Sqids({ alphabet: shuffled(alphabet, salt), minLength });
    this.sampleNotification = this.encode('notification', 1);
  }

  encode(kind: IdKind, ...numbers: number[]): string {
    return prefixes[kind] + this.#sqids.encode(numbers);
  }

  /** The row numbers behind an id; undefined when it is none of ours, of another kind, or misspelt. */
  decode(kind: IdKind, id: string): number[] | undefined {
    const prefix = prefixes[kind];
    if (!id.startsWith(prefix) || id.length > 60) return undefined;
    const numbers = this.#sqids.decode(id.slice(prefix.length));
    // some letters decode to more than a number can hold
    const canonical =
      numbers.length > 0 && numbers.every(Number.isSafeInteger) && this.encode(kind, ...numbers) === id;
    return canonical ? numbers : undefined;
  }

  /** The one row number behind an id of a kind that has one. */
  decodeOne(kind: Exclude<IdKind, 'delivery'>, id: string): number | undefined {
    const numbers = this.decode(kind, id);
    return numbers?.length === 1 ? numbers[0] : undefined;
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
