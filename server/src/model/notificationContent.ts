/**
 * What a person will see: the members of a browser notification, checked. URLs are absolute http or https.
 * Absent members are undefined, never null.
 */
export interface NotificationContent {
  readonly title: string;
  readonly body?: string;
  readonly navigate?: string;
  readonly icon?: string;
  readonly image?: string;
  readonly badge?: string;
  readonly tag?: string;
  readonly lang?: string;
  readonly dir?: Direction;
  readonly silent?: boolean;
  readonly requireInteraction?: boolean;
  readonly renotify?: boolean;
  readonly vibrate?: readonly number[];
  /** Milliseconds since 1970. */
  readonly timestamp?: number;
  readonly appBadge?: number;
  readonly actions?: readonly NotificationAction[];
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface NotificationAction {
  readonly action: string;
  readonly title: string;
  readonly navigate?: string;
  readonly icon?: string;
}

export const directions = ['auto', 'ltr', 'rtl'] as const;

export type Direction = (typeof directions)[number];
