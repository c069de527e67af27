import type { Draft } from '../draft';
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
}

const inWords: Readonly<Record<OptionalField, string>> = {
  icon: 'the icon',
  image: 'the image',
  actions: 'buttons',
  badge: 'the badge',
  appBadge: 'the number on the app',
  requireInteraction: 'staying until the person acts',
  silent: 'silence',
};

export function previewContent(draft: Draft, { fields }: Platform): PreviewContent {
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
  };
}

/** The fields of the draft that have no effect on a platform, in words. */
export function withoutEffect(draft: Draft, { fields }: Platform): string[] {
  const used: Record<OptionalField, boolean> = {
    icon: draft.icon.trim() !== '',
    image: draft.image.trim() !== '',
    actions: draft.actions.some(({ title }) => title.trim() !== ''),
    badge: draft.badge.trim() !== '',
    appBadge: draft.appBadge !== '',
    requireInteraction: draft.requireInteraction,
    silent: draft.silent,
  };
  const names = Object.keys(inWords) as OptionalField[];
  return names.filter((name) => used[name] && !fields.includes(name)).map((name) => inWords[name]);
}
