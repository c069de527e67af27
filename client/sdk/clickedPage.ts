import { inStore, type StoreAddress } from './inStore';

/**
 * The page that a click on a notification should have opened, for the case that the browser opens another: a web app on
 * the iOS Home Screen starts at its start URL, whatever the worker asks for (WebKit bug 259212). Written by the worker,
 * taken by the next page. `clickedAt` in ms since 1970; `hasFailed` when the browser opened nothing at all.
 */
export interface ClickedPage {
  scope: string;
  url: string;
  clickedAt: number;
  hasFailed: boolean;
}

const CLICKED: StoreAddress = { database: 'fanfare-click', store: 'clickedPage', keyPath: 'scope' };
const GOOD_FOR_MS = 60_000;

/** Keeps the page of the last click in this scope. Rejects where the browser stores nothing. */
export async function keepClickedPage(page: ClickedPage): Promise<void> {
  await inStore(CLICKED, 'readwrite', (store) => store.put(page));
}

/**
 * Takes the clicked page, so that no other tab and no later start goes there too.
 * @returns its URL when it was clicked within the last minute and nothing but this page can lead there
 */
export async function takeClickedPage(scope: string): Promise<string | undefined> {
  const page = await inStore(CLICKED, 'readwrite', (store) => {
    const found = store.get(scope) as IDBRequest<ClickedPage | undefined>;
    store.delete(scope);
    return found;
  });
  if (!page || Math.abs(Date.now() - page.clickedAt) > GOOD_FOR_MS) return undefined;
  return page.hasFailed || isOnHomeScreen() ? page.url : undefined;
}

/** iOS and iPadOS alone have the member, and it is true in a web app on the Home Screen. */
function isOnHomeScreen(): boolean {
  return 'standalone' in navigator && navigator.standalone === true;
}
