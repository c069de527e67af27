/** Beside the key of this tab: it goes with the tab, too. */
export const draftItem = 'fanfare.console.draft';

/** For a draft that was sent, or that somebody wrote who signs out. */
export function forgetDraft(): void {
  sessionStorage.removeItem(draftItem);
}
