import { lazy } from 'react';
import type { Scope, Session } from '../session/session';
import type { IconName } from './icons';

/** A page of the console, loaded when it is opened. */
export interface ConsolePage {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
  /** One of these opens it; none: every secret key does. */
  readonly scopes: readonly Scope[];
  /** Only for admins of the application that makes all others. */
  readonly platform?: true;
  /** Whether the navigation leads there too; a page that is left out says why it is not for this key. */
  readonly isOffered?: (session: Session) => boolean;
  readonly Page: React.ComponentType;
}

const OverviewPage = lazy(() => import('../overview/OverviewPage'));
const ComposePage = lazy(() => import('../compose/ComposePage'));
const NotificationsPage = lazy(() => import('../notifications/NotificationsPage'));
const PeoplePage = lazy(() => import('../people/PeoplePage'));
const KeysPage = lazy(() => import('../keys/KeysPage'));
const ApplicationsPage = lazy(() => import('../applications/ApplicationsPage'));
const SettingsPage = lazy(() => import('../applications/SettingsPage'));
const PlaygroundPage = lazy(() => import('../playground/PlaygroundPage'));

/** In the order of the navigation. */
export const consolePages: readonly ConsolePage[] = [
  {
    path: 'overview',
    label: 'Overview',
    icon: 'overview',
    scopes: ['notifications:read', 'subscriptions:read'],
    Page: OverviewPage,
  },
  {
    path: 'compose',
    label: 'Compose',
    icon: 'compose',
    scopes: ['notifications:send'],
    Page: ComposePage,
  },
  {
    path: 'notifications',
    label: 'Notifications',
    icon: 'notifications',
    scopes: ['notifications:read'],
    Page: NotificationsPage,
  },
  {
    path: 'people',
    label: 'People and devices',
    icon: 'people',
    scopes: ['subscriptions:read'],
    Page: PeoplePage,
  },
  { path: 'keys', label: 'Keys', icon: 'keys', scopes: ['admin'], Page: KeysPage },
  {
    path: 'applications',
    label: 'Applications',
    icon: 'applications',
    scopes: ['admin'],
    platform: true,
    Page: ApplicationsPage,
  },
  { path: 'settings', label: 'Settings', icon: 'settings', scopes: ['admin'], Page: SettingsPage },
  {
    path: 'playground',
    label: 'Playground',
    icon: 'playground',
    scopes: [],
    // in production the server opens it to admins only
    isOffered: ({ viewer }) => viewer.playgroundPath !== null,
    Page: PlaygroundPage,
  },
];
