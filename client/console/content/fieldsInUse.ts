import type { ContentDraft } from './contentDraft';

/** The fields that stand under "More", in words. */
const inWords = {
  badge: 'badge',
  appBadge: 'number on the app',
  tag: 'tag',
  renotify: 'alerting again',
  requireInteraction: 'staying',
  silent: 'silent',
  vibrate: 'vibration',
  lang: 'language',
  dir: 'direction',
  timestamp: 'time',
  data: 'data',
} as const satisfies Partial<Record<keyof ContentDraft, string>>;

/** The fields under "More" that a content makes use of, in words. */
export function fieldsInUse(draft: ContentDraft): string[] {
  const names = Object.keys(inWords) as (keyof typeof inWords)[];
  return names.filter((name) => isUsed(draft[name])).map((name) => inWords[name]);
}

function isUsed(value: string | boolean): boolean {
  return typeof value === 'string' ? value.trim() !== '' : value;
}
