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

/** What is stored in place of content that was forgotten: no notification is accepted without a title. */
export const forgottenContent = '{"title":""}';

/** Content as it is stored, JSON; null once it was forgotten. */
export function readStoredContent(stored: string): NotificationContent | null {
  const content = JSON.parse(stored) as NotificationContent;
  return content.title === '' ? null : content;
}

export interface NotificationAction {
  readonly action: string;
  readonly title: string;
  readonly navigate?: string;
  readonly icon?: string;
}

export const directions = ['auto', 'ltr', 'rtl'] as const;

export type Direction = (typeof directions)[number];
