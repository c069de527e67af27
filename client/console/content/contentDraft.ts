/** A button as the form holds it. */
export interface ActionDraft {
  readonly title: string;
  readonly navigate: string;
  readonly icon: string;
  /** What the page is told that was clicked; empty: a name is made up. */
  readonly action: string;
}

/** What people will see, as the form holds it: every field of NotificationContentInput as plain text, list or switch. */
export interface ContentDraft {
  readonly title: string;
  readonly body: string;
  readonly navigate: string;
  readonly icon: string;
  readonly image: string;
  readonly badge: string;
  /** The number on the icon of the installed app as digits; empty: as it is. */
  readonly appBadge: string;
  readonly tag: string;
  readonly renotify: boolean;
  readonly actions: readonly ActionDraft[];
  readonly requireInteraction: boolean;
  readonly silent: boolean;
  /** Milliseconds of vibration and pause in turn, with commas between. */
  readonly vibrate: string;
  /** BCP 47. */
  readonly lang: string;
  /** Empty: as the browser does, which is what `AUTO` asks for as well. */
  readonly dir: '' | 'LTR' | 'RTL';
  /** The moment it speaks of in local time, as `datetime-local` has it. */
  readonly timestamp: string;
  /** JSON text. */
  readonly data: string;
}

/** Takes the part of a content that a field changes. */
export type ChangeContent = (change: Partial<ContentDraft>) => void;

export const emptyContent: ContentDraft = {
  title: '',
  body: '',
  navigate: '',
  icon: '',
  image: '',
  badge: '',
  appBadge: '',
  tag: '',
  renotify: false,
  actions: [],
  requireInteraction: false,
  silent: false,
  vibrate: '',
  lang: '',
  dir: '',
  timestamp: '',
  data: '',
};
