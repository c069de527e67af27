/** How a browser on a system shows a notification. */
export interface Platform {
  readonly name: 'windows' | 'mac' | 'android' | 'firefox' | 'ios';
  readonly short: string;
  readonly label: string;
  /** What that browser leaves out or adds. */
  readonly note: string;
  readonly image: boolean;
  /** How many buttons are seen. */
  readonly actions: number;
  readonly icon: boolean;
  /** Lines that a title and a body get before they are cut. */
  readonly titleLines: number;
  readonly bodyLines: number;
}

export const platforms: readonly [Platform, ...Platform[]] = [
  {
    name: 'windows',
    short: 'Windows',
    label: 'Chrome on Windows',
    note: 'Shows icon, image and two buttons.',
    ...{ image: true, actions: 2, icon: true, titleLines: 2, bodyLines: 4 },
  },
  {
    name: 'mac',
    short: 'macOS',
    label: 'Chrome on macOS',
    note: 'No image; buttons hide behind “Options” until the pointer is over it.',
    ...{ image: false, actions: 0, icon: true, titleLines: 1, bodyLines: 2 },
  },
  {
    name: 'android',
    short: 'Android',
    label: 'Chrome on Android',
    note: 'Folded to one line until it is pulled open; shown here open.',
    ...{ image: true, actions: 2, icon: true, titleLines: 1, bodyLines: 4 },
  },
  {
    name: 'firefox',
    short: 'Firefox',
    label: 'Firefox on Linux and Windows',
    note: 'No image, and no buttons on most systems.',
    ...{ image: false, actions: 0, icon: true, titleLines: 1, bodyLines: 4 },
  },
  {
    name: 'ios',
    short: 'iOS',
    label: 'Safari on iPhone, added to the Home Screen',
    note: 'Always with the icon of the Home Screen; no image, no buttons.',
    ...{ image: false, actions: 0, icon: false, titleLines: 1, bodyLines: 4 },
  },
];
