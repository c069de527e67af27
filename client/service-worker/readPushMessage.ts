import type { DeclarativePushEvent, DeclaredNotification, FanfareData, PushMessage } from './pushMessage';

/** NotificationOptions that go to showNotification as they came; `data`, `actions` and `navigate` are worked on. */
const OPTION_NAMES = [
  'body',
  'dir',
  'lang',
  'tag',
  'icon',
  'image',
  'badge',
  'vibrate',
  'timestamp',
  'renotify',
  'silent',
  'requireInteraction',
] as const;

/**
 * Reads any push as something that can be shown: Safari's ready-made notification, declarative JSON (`web_push: 8030`),
 * other JSON with a title, text, bytes that are neither, or nothing at all. Never throws. What has no title is shown
 * under `fallbackTitle`.
 */
export function readPushMessage(event: DeclarativePushEvent, fallbackTitle: string): PushMessage {
  if (event.notification) {
    const declared = event.notification as unknown as DeclaredNotification;
    const message = toPushMessage(declared, fallbackTitle, event.appBadge);
    const navigate = message.options.data.fanfare.navigate;
    // Safari refuses to show a declared notification again without its URL
    return navigate ? { ...message, options: { ...message.options, navigate } } : message;
  }
  const text = readText(event.data);
  const message = parseObject(text) ?? { body: text };
  const declared = isObject(message.notification) ? message.notification : message;
  return toPushMessage(declared, fallbackTitle, message.app_badge ?? declared.app_badge);
}

function toPushMessage(declared: DeclaredNotification, fallbackTitle: string, badge: unknown): PushMessage {
  const title = typeof declared.title === 'string' && declared.title !== '' ? declared.title : fallbackTitle;
  const actions = Array.isArray(declared.actions) ? declared.actions.filter(isObject) : [];
  const data = isObject(declared.data) ? declared.data : {};
  const fanfare: FanfareData = isObject(data.fanfare) ? { ...data.fanfare } : {};
  if (typeof declared.navigate === 'string') fanfare.navigate = declared.navigate;
  fanfare.actions = Object.fromEntries(
    actions.filter(({ navigate }) => typeof navigate === 'string').map((a) => [a.action, a.navigate]),
  );
  const shown = actions.map(({ action, title, icon }) => ({ action, title, ...(icon ? { icon } : {}) }));
  const options = { ...pickOptions(declared), actions: shown, data: { ...data, fanfare } };
  return { title, options, appBadge: typeof badge === 'number' ? badge : undefined };
}

function pickOptions(declared: DeclaredNotification): NotificationOptions {
  const named = OPTION_NAMES.map((name) => [name, declared[name]] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== undefined && value !== null));
}

function readText(data: PushMessageData | null): string {
  try {
    return data?.text() ?? '';
  } catch {
    return '';
  }
}

function parseObject(text: string): DeclaredNotification | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is DeclaredNotification {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
