const maxVibrations = 32;
const maxVibrationMs = 10_000;
const maxLanguageLength = 35;

/** The JSON object of a text; undefined when empty, null when it is none. */
export function readData(text: string): Record<string, unknown> | undefined | null {
  if (text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Milliseconds of vibration and pause in turn; undefined when empty, null when the API would not take them. */
export function readVibration(text: string): number[] | undefined | null {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  const isPattern =
    parts.length <= maxVibrations &&
    parts.every((part) => /^\d{1,5}$/.test(part) && Number(part) <= maxVibrationMs);
  return isPattern ? parts.map(Number) : null;
}

/** The instant of a local time as `datetime-local` has it; undefined when empty, null when there is no such time. */
export function readLocalTime(text: string): string | undefined | null {
  if (text === '') return undefined;
  const at = new Date(text);
  return /^\d{4}-/.test(text) && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
}

/** An instant in milliseconds as `datetime-local` has it, as exact as it needs to be to come back the same. */
export function asLocalTime(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, -1);
  return local.replace(/(:00)?\.000$/, '');
}

/** Whether the API takes it as the language of the texts. */
export function isLanguage(text: string): boolean {
  if (text.length > maxLanguageLength) return false;
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

/** Whether the API takes it as an address. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^/?#]/i.test(text) && !/\s/.test(text) && URL.canParse(text);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
