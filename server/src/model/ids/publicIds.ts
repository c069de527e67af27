import { randomBytes } from 'node:crypto';
import { EncryptedIds } from './encryptedIds';
import type { IdKind, IdScheme } from './idScheme';
import { ShuffledIds } from './shuffledIds';

const prefixes: Record<IdKind, string> = {
  application: 'app_',
  apiKey: 'key_',
  subscription: 'sub_',
  notification: 'ntf_',
  delivery: 'dlv_',
  dispatch: 'dsp_',
  auditEntry: 'aud_',
  vapidKey: 'vpk_',
};

const kinds = Object.keys(prefixes) as IdKind[];

/** Marks the salts of `EncryptedIds`; earlier ones have no prefix. */
const encryptedPrefix = 'v2:';

/** The salt of a new installation. */
export function newIdSalt(): string {
  return encryptedPrefix + randomBytes(32).toString('base64url');
}

/**
 * Row numbers inside, opaque names outside: `sub_5Kd0GxNqYv3mWb8ZrT1cQe`. Their order and distance are hidden by a key
 * of the installation, so that an id does not reveal how many subscribers there are. Ids are names, not secrets: every
 * look-up still checks whose row it is.
 */
export class PublicIds {
  readonly #scheme: IdScheme;
  /** The id of some notification: all ids of a kind that numbers of a common size have are of one length. */
  readonly sampleNotification: string;

  /** @param salt decides the scheme too, so that the ids of an installation stay what they are */
  constructor(salt: string) {
    const isEncrypted = salt.startsWith(encryptedPrefix);
    this.#scheme = isEncrypted ? new EncryptedIds(salt.slice(encryptedPrefix.length)) : new ShuffledIds(salt);
    this.sampleNotification = this.encode('notification', 1);
  }

  /** What an id names by its prefix; undefined for a prefix that is not ours. */
  kindOf(id: string): IdKind | undefined {
    return kinds.find((kind) => id.startsWith(prefixes[kind]));
  }

  encode(kind: IdKind, ...numbers: number[]): string {
    return prefixes[kind] + this.#scheme.encode(kind, numbers);
  }

  /** The row numbers behind an id; undefined when it is none of ours, of another kind, or misspelt. */
  decode(kind: IdKind, id: string): number[] | undefined {
    const prefix = prefixes[kind];
    return id.startsWith(prefix) ? this.#scheme.decode(kind, id.slice(prefix.length)) : undefined;
  }

  /** The one row number behind an id of a kind that has one. */
  decodeOne(kind: Exclude<IdKind, 'delivery'>, id: string): number | undefined {
    const numbers = this.decode(kind, id);
    return numbers?.length === 1 ? numbers[0] : undefined;
  }
}
