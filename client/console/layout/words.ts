const numbers = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const instants = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const timesOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** 1,234,567. */
export function inFull(value: number): string {
  return numbers.format(value);
}

/** 1.2M. */
export function inShort(value: number): string {
  return value < 10_000 ? numbers.format(value) : compact.format(value);
}

/** A share of a whole: 97.3%; a dash when there is no whole. */
export function asShare(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (100 * part) / whole;
  return `${share >= 99.95 || share === 0 ? Math.round(share) : share.toFixed(1)}%`;
}

/** The moment in the reader's own time zone and order. */
export function asInstant(at: string | null | undefined): string {
  return at ? instants.format(new Date(at)) : '–';
}

/** The same without its day. */
export function asTimeOfDay(at: string): string {
  return timesOfDay.format(new Date(at));
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 30],
  ['month', 12],
];

/** "5 minutes ago", "in 2 hours"; a dash for never. */
export function fromNow(at: string | null | undefined, now = Date.now()): string {
  if (!at) return '–';
  let value = (Date.parse(at) - now) / 1000;
  for (const [unit, size] of steps) {
    if (Math.abs(value) < size) return relative.format(Math.round(value), unit);
    value /= size;
  }
  return relative.format(Math.round(value), 'year');
}

/** 90 → "90 s", 86400 → "1 day": the largest unit that comes out whole. */
export function asDuration(seconds: number): string {
  for (const [name, size] of [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const) {
    if (seconds >= size && seconds % size === 0) {
      const count = seconds / size;
      return `${count} ${name}${count === 1 ? '' : 's'}`;
    }
  }
  return `${inFull(seconds)} s`;
}

const services = new Map(
  Object.entries({
    fcm: 'Google FCM',
    mozilla: 'Mozilla',
    apple: 'Apple',
    wns: 'Microsoft WNS',
  }),
);

/** What people call a push service. */
export function pushServiceLabel(name: string): string {
  return services.get(name) ?? name;
}
