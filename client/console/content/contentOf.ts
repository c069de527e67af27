import type { NotificationActionInput, NotificationContentInput } from '../graphql/operations';
import type { ActionDraft, ContentDraft } from './contentDraft';
import { contentFaults } from './contentFaults';
import { readData, readLocalTime, readVibration } from './readFields';

/** The API's input, without what is empty; undefined without a title, or while a field holds what cannot be sent. */
export function contentOf(draft: ContentDraft): NotificationContentInput | undefined {
  const title = draft.title.trim();
  if (title === '' || Object.keys(contentFaults(draft)).length > 0) return undefined;
  const [data, vibrate] = [readData(draft.data), readVibration(draft.vibrate)];
  const timestamp = readLocalTime(draft.timestamp);
  const actions = actionsOf(draft.actions);
  return {
    title,
    ...texts(draft, ['body', 'navigate', 'icon', 'image', 'badge', 'tag', 'lang']),
    ...(draft.dir !== '' && { dir: draft.dir }),
    ...(draft.appBadge !== '' && { appBadge: Number(draft.appBadge) }),
    ...(draft.renotify && { renotify: true }),
    ...(draft.requireInteraction && { requireInteraction: true }),
    ...(draft.silent && { silent: true }),
    ...(vibrate && { vibrate }),
    ...(timestamp && { timestamp }),
    ...(data && { data }),
    ...(actions.length > 0 && { actions }),
  };
}

/** Buttons without a name get one that no other has. */
function actionsOf(drafts: readonly ActionDraft[]): NotificationActionInput[] {
  const shown = drafts.filter((draft) => draft.title.trim() !== '');
  const taken = new Set(shown.map(({ action }) => action.trim()));
  return shown.map((draft) => {
    const action = draft.action.trim() || freeName(taken);
    return { action, title: draft.title.trim(), ...texts(draft, ['navigate', 'icon']) };
  });
}

function freeName(taken: Set<string>): string {
  let number = 1;
  while (taken.has(`action-${number}`)) number += 1;
  taken.add(`action-${number}`);
  return `action-${number}`;
}

function texts<Name extends string>(draft: Readonly<Record<Name, string>>, names: readonly Name[]) {
  const filled = names.map((name) => [name, draft[name].trim()]).filter(([, value]) => value !== '');
  return Object.fromEntries(filled) as { [Each in Name]?: string };
}
