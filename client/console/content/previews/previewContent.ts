import type { ContentDraft } from '../contentDraft';
import { isLanguage, readLocalTime } from '../readFields';
import type { OptionalField, Platform } from './platforms';

/** Chrome, Firefox and Edge all have `Notification.maxActions` 2. */
const maxActions = 2;

/** What is left of a draft on one platform; empty texts are not drawn. */
export interface PreviewContent {
  readonly title: string;
  readonly body: string;
  /** The host that subscribed: guessed from where a click leads. */
  readonly site: string;
  readonly icon: string;
  readonly image: string;
  readonly badge: string;
  readonly actions: readonly string[];
  /** The number on the icon of the installed app; undefined without one. */
  readonly appBadge: number | undefined;
  /** How the texts run: as was asked for where that is heeded, elsewhere as each begins. */
  readonly dir: 'auto' | 'ltr' | 'rtl';
  /** Undefined where nobody heeds it. */
  readonly lang: string | undefined;
  /** How long ago it is that it speaks of, as phones say it. */
  readonly age: string;
}

const inWords: Readonly<Record<OptionalField, string>> = {
  icon: 'the icon',
  image: 'the image',
  actions: 'buttons',
  badge: 'the badge',
  appBadge: 'the number on the app',
  requireInteraction: 'staying until the person acts',
  silent: 'silence',
  renotify: 'alerting again',
  vibrate: 'vibration',
  lang: 'the language',
  dir: 'the direction',
  timestamp: 'the time',
};

/** What of a content a platform draws, at the moment `now`. */
export function previewContent(draft: ContentDraft, { fields }: Platform, now = Date.now()): PreviewContent {
  const shown = (name: 'icon' | 'image' | 'badge') => (fields.includes(name) ? draft[name].trim() : '');
  const actions = draft.actions.map(({ title }) => title.trim()).filter((title) => title !== '');
  return {
    title: draft.title.trim() || 'Title',
    body: draft.body.trim(),
    site: URL.canParse(draft.navigate) ? new URL(draft.navigate).host : 'your-site.example',
    icon: shown('icon'),
    image: shown('image'),
    badge: shown('badge'),
    actions: fields.includes('actions') ? actions.slice(0, maxActions) : [],
    appBadge: fields.includes('appBadge') && Number(draft.appBadge) > 0 ? Number(draft.appBadge) : undefined,
    dir: fields.includes('dir') ? directions[draft.dir] : 'auto',
    lang: fields.includes('lang') && isLanguage(draft.lang.trim()) ? draft.lang.trim() : undefined,
    age: fields.includes('timestamp') ? ageOf(draft.timestamp, now) : 'now',
  };
}

const directions = { '': 'auto', LTR: 'ltr', RTL: 'rtl' } as const;

/** As Android has it: 5m, 3h, 2d, and "in 5m" for what is to come. */
function ageOf(timestamp: string, now: number): string {
  const at = readLocalTime(timestamp);
  if (!at) return 'now';
  const minutes = Math.floor(Math.abs(now - Date.parse(at)) / 60_000);
  if (minutes === 0) return 'now';
  const [size, unit] = steps.find(([each]) => minutes >= each) ?? [1, 'm'];
  const length = `${Math.floor(minutes / size)}${unit}`;
  return Date.parse(at) > now ? `in ${length}` : length;
}

/** Minutes. */
const steps = [
  [525_600, 'y'],
  [1_440, 'd'],
  [60, 'h'],
] as const;

/** The fields of the draft that have no effect on a platform, in words. */
export function withoutEffect(draft: ContentDraft, { fields }: Platform): string[] {
  const used: Record<OptionalField, boolean> = {
    icon: draft.icon.trim() !== '',
    image: draft.image.trim() !== '',
    actions: draft.actions.some(({ title }) => title.trim() !== ''),
    badge: draft.badge.trim() !== '',
    appBadge: draft.appBadge !== '',
    requireInteraction: draft.requireInteraction,
    silent: draft.silent,
    renotify: draft.renotify,
    vibrate: draft.vibrate.trim() !== '',
    lang: draft.lang.trim() !== '',
    dir: draft.dir !== '',
    timestamp: draft.timestamp !== '',
  };
  const names = Object.keys(inWords) as OptionalField[];
  return names.filter((name) => used[name] && !fields.includes(name)).map((name) => inWords[name]);
}
