import type { PushData } from './pushMessage';

/** Receipt tokens of clicked notifications whose `notificationclose` may still come; gone when the worker ends. */
const clicked = new Set<string>();

/** Remembers that the person clicked this notification. */
export function noteClick({ fanfare }: PushData): void {
  const token = fanfare.receipt;
  if (token) clicked.add(token);
}

/** Whether the person clicked this notification, once: shown again, it can be dismissed. */
export function takeClick({ fanfare }: PushData): boolean {
  return clicked.delete(fanfare.receipt ?? '');
}
