import { type ActionDraft, type ContentDraft, emptyContent } from './contentDraft';
import { asLocalTime, isObject } from './readFields';

const textFields = ['title', 'body', 'navigate', 'icon', 'image', 'badge', 'tag', 'lang'] as const;
const switches = ['renotify', 'requireInteraction', 'silent'] as const;

/** What the form begins with. @param stored a content as the API gives it, in the words of browsers */
export function contentFrom(stored: Readonly<Record<string, unknown>>): ContentDraft {
  const { appBadge, vibrate, dir, timestamp, actions, data } = stored;
  return {
    ...emptyContent,
    ...Object.fromEntries(textFields.map((name) => [name, asText(stored[name])])),
    ...Object.fromEntries(switches.map((name) => [name, stored[name] === true])),
    appBadge: typeof appBadge === 'number' ? String(appBadge) : '',
    vibrate: Array.isArray(vibrate) ? vibrate.join(', ') : '',
    dir: dir === 'ltr' ? 'LTR' : dir === 'rtl' ? 'RTL' : '',
    timestamp: typeof timestamp === 'number' ? asLocalTime(timestamp) : '',
    actions: Array.isArray(actions) ? actions.filter(isObject).map(actionFrom) : [],
    data: dataFrom(data),
  };
}

function actionFrom({ title, navigate, icon, action }: Record<string, unknown>): ActionDraft {
  return { title: asText(title), navigate: asText(navigate), icon: asText(icon), action: asText(action) };
}

/** Without the member that Fanfare itself puts there. */
function dataFrom(stored: unknown): string {
  const { fanfare: _, ...data } = isObject(stored) ? stored : {};
  return Object.keys(data).length > 0 ? JSON.stringify(data) : '';
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
