import type { ConsoleVisit } from './consoleVisit';

/** A view of the console: its path, and what is there once it is drawn. */
export interface ConsoleView {
  readonly path: string;
  readonly ready: string;
  readonly isSignedOut?: true;
  /** The fields of a content are there. */
  readonly hasContent?: true;
}

const list = '.data-table tbody tr, .data-cards > li';

/** Every view of the console on seeded data, with an application whose welcome makes use of every field. */
export async function consoleViews(visit: ConsoleVisit): Promise<ConsoleView[]> {
  const { id } = await visit.makeApplication(`views ${Date.now()}`, { welcome: fullContent });
  return [
    { path: '/', ready: 'form', isSignedOut: true },
    { path: '/overview', ready: '.chart rect' },
    { path: '/compose', ready: '.preview', hasContent: true },
    { path: '/notifications', ready: list },
    { path: `/notifications/${(await visit.broadcast()).id}`, ready: `[aria-label="Deliveries"] ${list}` },
    { path: '/notifications/ntf_nothing', ready: 'h1' },
    { path: '/people', ready: list },
    { path: '/people/user-1001', ready: `[aria-label="History"] ${list}` },
    { path: '/people/nobody-of-this-name', ready: 'h1' },
    { path: '/keys', ready: `[aria-label="Audit log"] ${list}` },
    { path: '/applications', ready: list },
    { path: `/applications/${id}`, ready: '.preview', hasContent: true },
    { path: '/settings', ready: 'form' },
    { path: '/playground', ready: 'iframe' },
    { path: '/nothing-here', ready: 'h1' },
  ];
}

/** Every view of the console on a server that nobody has used yet, with the words that say so. */
export const unusedViews: readonly (readonly [path: string, ...words: string[]])[] = [
  [
    '/overview',
    'Nothing was sent in this period',
    'Nobody has subscribed yet',
    'No failures in this period',
    'No push service was met yet',
    'nothing under way',
  ],
  ['/compose', 'nobody yet', 'It needs a title.'],
  ['/notifications', 'No notifications here', 'What you send shows up here at once.'],
  ['/notifications/ntf_nothing', 'There is no such notification'],
  ['/people', 'No browsers here', 'None has subscribed yet.'],
  ['/people/nobody-of-this-name', 'Nobody of this name'],
  ['/keys', 'VAPID keys', 'Nothing was changed yet'],
  ['/applications', 'default'],
  ['/applications/app_nothing', 'There is no such application'],
  ['/settings', 'Proof of users', 'no key'],
  ['/nothing-here', 'There is no such page'],
];

/** Every field of NotificationContentInput; the preview loads no picture from another host without https. */
export const fullContent = {
  title: 'Kick-off',
  body: 'It begins.',
  navigate: 'https://match.example/',
  icon: 'http://match.example/icon.png',
  image: 'http://match.example/image.png',
  badge: 'http://match.example/badge.png',
  appBadge: 3,
  tag: 'match',
  renotify: true,
  requireInteraction: true,
  vibrate: [200, 100, 200],
  lang: 'he',
  dir: 'RTL',
  timestamp: '2026-01-02T10:30:00.000Z',
  data: { orderId: 42 },
  actions: [
    {
      action: 'watch',
      title: 'Watch',
      navigate: 'https://match.example/live',
      icon: 'https://match.example/watch.png',
    },
    { action: 'later', title: 'Later' },
  ],
};

/** The same as the API gives it back: in the words of browsers. */
export const fullContentStored = {
  ...fullContent,
  dir: 'rtl',
  timestamp: Date.parse(fullContent.timestamp),
};
