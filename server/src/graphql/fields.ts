import { Refusal } from '../model/refusal';
import { parseUrl } from '../model/url/parseUrl';

/** Where a value stands in the input, for `extensions.path`. */
export type InputPath = ReadonlyArray<string | number>;

const maxUrlLength = 2048;

export function refuse(path: InputPath, message: string): never {
  throw new Refusal('BAD_USER_INPUT', message, path);
}

/** GraphQL's null means absent, as far as we are concerned. */
export function given<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined;
}

/**
 * What keeps a text from being a name that is compared and stored: 1 to `maxLength` characters (UTF-16), no control
 * characters, no white space around it, because to MySQL "ada " is "ada" and to SQLite it is not.
 */
export function nameFault(value: string, maxLength: number): string | undefined {
  if (value.length < 1 || value.length > maxLength) return `Must have 1 to ${maxLength} characters.`;
  if (/\p{Cc}|\p{Cs}/u.test(value)) return 'Must not contain control characters.';
  if (value.trim() !== value) return 'Must not begin or end with white space.';
  return undefined;
}

/** @throws Refusal BAD_USER_INPUT for what is no name (see `nameFault`) */
export function checkName(value: string, path: InputPath, maxLength: number): string {
  const fault = nameFault(value, maxLength);
  return fault === undefined ? value : refuse(path, fault);
}

/** A list of names without repetitions. */
export function checkNames(
  values: readonly string[],
  path: InputPath,
  limits: { most: number; maxLength: number },
): string[] {
  if (values.length > limits.most) refuse(path, `At most ${limits.most} can be given.`);
  return [...new Set(values.map((value, index) => checkName(value, [...path, index], limits.maxLength)))];
}

/** An absolute http or https URL, of any origin. */
export function checkHttpUrl(value: string, path: InputPath): string {
  if (value.length > maxUrlLength) refuse(path, `Must have at most ${maxUrlLength} characters.`);
  const isHttp =
    /^https?:\/\/[^/?#]/i.test(value) && !/[\s\p{Cc}\p{Cs}]/u.test(value) && parseUrl(value) !== undefined;
  if (!isHttp) refuse(path, 'Must be an absolute http or https URL.');
  return value;
}

export function checkInteger(value: number, path: InputPath, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    refuse(path, `Must be a whole number from ${least} to ${most}.`);
  }
  return value;
}

/** A language tag, in its canonical form (BCP 47). */
export function checkLanguage(value: string, path: InputPath): string {
  if (value.length > 35) refuse(path, 'Must have at most 35 characters.');
  try {
    const [canonical] = Intl.getCanonicalLocales(value);
    if (canonical !== undefined && canonical.length <= 35) return canonical;
  } catch {
    // reported below, in our own words
  }
  return refuse(path, 'Must be a BCP 47 language tag, for example "de" or "en-GB".');
}

/** Members that are undefined are left out. */
export function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
