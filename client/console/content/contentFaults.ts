import type { ActionDraft, ContentDraft } from './contentDraft';
import { isLanguage, isWebAddress, readData, readLocalTime, readVibration } from './readFields';

/** What is wrong with a field, in words; a content with faults is not sent. */
export type ContentFaults = Partial<Record<keyof ContentDraft, string>>;

/** The faults of a content that is being written. A missing title is none: nobody has begun yet. */
export function contentFaults(draft: ContentDraft): ContentFaults {
  const lang = draft.lang.trim();
  return {
    ...(draft.actions.some((action) => actionFault(action, draft.actions)) && {
      actions: 'A button has a fault',
    }),
    ...(draft.renotify && draft.tag.trim() === '' && { renotify: 'This needs a tag' }),
    ...vibrationFault(draft),
    ...(lang !== '' && !isLanguage(lang) && { lang: 'This is no language: de, en-GB …' }),
    ...(readLocalTime(draft.timestamp) === null && { timestamp: 'There is no such time' }),
    ...(readData(draft.data) === null && { data: 'This is not a JSON object' }),
  };
}

/** What is wrong with one of the buttons; one that nobody has begun is left out, and has no fault. */
export function actionFault(
  { title, navigate, icon, action }: ActionDraft,
  all: readonly ActionDraft[],
): ActionFault | undefined {
  const isBegun = [navigate, icon, action].some((text) => text.trim() !== '');
  if (title.trim() === '') return isBegun ? { title: 'A button needs a title' } : undefined;
  const name = action.trim();
  const isTwin = name !== '' && all.filter((each) => each.action.trim() === name).length > 1;
  return isTwin ? { action: 'Another button has this name' } : undefined;
}

/** What is wrong with the fields of a button, in words. */
export type ActionFault = Partial<Record<'title' | 'action', string>>;

/** What is wrong with an address, unless it is one that is still being typed. */
export function addressFault(text: string): string | undefined {
  const address = text.trim();
  const begun = ['https://', 'http://'].some((start) => start.startsWith(address.toLowerCase()));
  return begun || isWebAddress(address) ? undefined : 'An address begins with https:// or http://';
}

/** Browsers refuse a vibration that is to be silent. */
function vibrationFault({ vibrate, silent }: ContentDraft): ContentFaults {
  const pattern = readVibration(vibrate);
  if (pattern === undefined) return {};
  if (pattern === null) return { vibrate: 'At most 32 whole numbers up to 10,000, with commas between' };
  return silent ? { vibrate: 'What is silent cannot vibrate' } : {};
}
