/** A declared notification's members, of which none can be trusted to be there or to have its type. */
export type DeclaredNotification = Record<string, unknown>;

/** NotificationOptions with the members that TypeScript's library leaves out. */
export type ShownOptions = NotificationOptions & { data: PushData; navigate?: string };

/** What `notification.data` carries: the caller's own data beside Fanfare's. */
export interface PushData {
  fanfare: FanfareData;
  [name: string]: unknown;
}

/** Whether Fanfare has shown the notification with these data: an app's own worker may show others. */
export function isFanfares(data: PushData | null): data is PushData {
  return typeof data?.fanfare === 'object' && data.fanfare !== null;
}

/** Ours in `notification.data`: the receipt's token and address, and where clicks lead. */
export interface FanfareData {
  receipt?: string;
  url?: string;
  navigate?: string;
  /** When the worker showed it, in ms since 1970. */
  shownAt?: number;
  /** Action id to its own URL. */
  actions?: Record<string, string>;
}

/** A push, ready to be shown. */
export interface PushMessage {
  title: string;
  options: ShownOptions;
  appBadge: number | undefined;
}

/** Safari's PushEvent of a declarative, mutable message: the notification is made already and `data` is null. */
export interface DeclarativePushEvent extends PushEvent {
  readonly notification?: Notification & { readonly navigate?: string };
  readonly appBadge?: number;
}
