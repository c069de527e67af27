/** What a platform may show besides title and body. */
export type OptionalField =
  | 'icon'
  | 'image'
  | 'actions'
  | 'badge'
  | 'appBadge'
  | 'requireInteraction'
  | 'silent'
  | 'renotify'
  | 'vibrate'
  | 'lang'
  | 'dir'
  | 'timestamp';

/** How a browser on a system shows a notification. */
export interface Platform {
  readonly name: 'windows' | 'mac' | 'android' | 'firefox' | 'ios';
  readonly short: string;
  readonly label: string;
  /** What one should know about it that the picture does not tell. */
  readonly note: string;
  /** The fields that have an effect there. */
  readonly fields: readonly OptionalField[];
}

/**
 * Those of Chrome and Safari are as their vendors document them, those of Firefox as of version 152. Android has left
 * the vibration to the person since version 8.
 */
export const platforms: readonly [Platform, ...Platform[]] = [
  {
    name: 'windows',
    short: 'Windows',
    label: 'Chrome on Windows',
    note: 'Two buttons at most.',
    fields: ['icon', 'image', 'actions', 'appBadge', 'requireInteraction', 'silent', 'renotify', 'timestamp'],
  },
  {
    name: 'mac',
    short: 'macOS',
    label: 'Chrome on macOS',
    note: 'Buttons are a menu under “Options”, which appears with the pointer.',
    fields: ['icon', 'actions', 'appBadge', 'requireInteraction', 'silent', 'renotify'],
  },
  {
    name: 'android',
    short: 'Android',
    label: 'Chrome on Android',
    note: 'Arrives folded unless it is the newest; with an image the open text is one line.',
    fields: ['icon', 'image', 'actions', 'badge', 'silent', 'renotify', 'timestamp'],
  },
  {
    name: 'firefox',
    short: 'Firefox',
    label: 'Firefox on Linux and Windows',
    note: 'Buttons from Firefox 152 on.',
    fields: ['icon', 'actions', 'requireInteraction', 'silent', 'lang', 'dir'],
  },
  {
    name: 'ios',
    short: 'iOS',
    label: 'Web app on the Home Screen of an iPhone',
    note: 'Always with the icon of the Home Screen.',
    fields: ['appBadge', 'silent'],
  },
];
