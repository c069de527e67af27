import { takeClickedPage } from '../sdk/clickedPage';
import { clearStores } from '../test/memoryStore';
import { openPage } from './openPage';

jest.mock('../sdk/inStore', () => jest.requireActual('../test/memoryStore'));

interface Window {
  readonly url: string;
  focus(): Promise<void>;
}

const chrome = 'Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
const homeScreen = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5) AppleWebKit/605.1.15 (KHTML) Mobile/15E148';
const scopeUrl = 'https://a.example/sdk/';

/** A worker scope with these windows open; `done` tells which was focused or opened. */
function scopeWith(urls: string[], fails = false, userAgent = chrome) {
  const done: string[] = [];
  const note = async (what: string) => {
    if (fails) throw new Error('no user activation');
    done.push(what);
  };
  const windows: Window[] = urls.map((url) => ({ url, focus: () => note(`focus ${url}`) }));
  const clients = { matchAll: async () => windows, openWindow: (url: string) => note(`open ${url}`) };
  const scope = { registration: { scope: scopeUrl }, clients, navigator: { userAgent } };
  return { done, scope: scope as unknown as ServiceWorkerGlobalScope };
}

describe('openPage', () => {
  it.each([
    [
      'the window that shows the page',
      'https://a.example/x',
      ['https://a.example/', 'https://a.example/x'],
      'focus https://a.example/x',
    ],
    [
      'a new window for another page',
      'https://a.example/x',
      ['https://a.example/'],
      'open https://a.example/x',
    ],
    [
      'a new window for another host',
      'https://b.example/',
      ['https://a.example/'],
      'open https://b.example/',
    ],
    ['a relative URL from the front page', 'orders/7', [], 'open https://a.example/orders/7'],
    ['any window when no page is named', undefined, ['https://a.example/y'], 'focus https://a.example/y'],
    ['the front page when no page is named and none is open', undefined, [], 'open https://a.example/'],
    ['the front page for a script', 'javascript:alert(1)', [], 'open https://a.example/'],
    ['the front page for what is no URL', 'https://', [], 'open https://a.example/'],
  ])('chooses %s', async (_, navigate, urls, expected) => {
    const { done, scope } = scopeWith(urls);
    await openPage(scope, navigate);
    expect(done).toEqual([expected]);
  });

  it('does not reject when the browser refuses, so that the receipt is sent all the same', async () => {
    const { scope } = scopeWith(['https://a.example/'], true);
    await expect(openPage(scope, undefined)).resolves.toBeUndefined();
  });
});

describe('openPage, for the page that starts next', () => {
  beforeEach(() => {
    clearStores();
    // a web app on the iOS Home Screen
    Object.defineProperty(globalThis, 'navigator', { value: { standalone: true }, configurable: true });
  });
  afterEach(() => Reflect.deleteProperty(globalThis, 'navigator'));

  it.each([
    ['notes the page on iOS, which may open another', homeScreen, false, 'orders/7', '/orders/7'],
    ['notes no page of another origin', homeScreen, false, 'https://b.example/', undefined],
    ['notes nothing where no page is named', homeScreen, false, undefined, undefined],
    ['notes nothing in Chrome, which opens what it is told', chrome, false, 'orders/7', undefined],
    ['notes nothing in Firefox, which does too', firefox, false, 'orders/7', undefined],
    ['notes the page anywhere when the browser opens none', firefox, true, 'orders/7', '/orders/7'],
  ])('%s', async (_, userAgent, fails, navigate, expected) => {
    await openPage(scopeWith([], fails, userAgent).scope, navigate);
    expect(await takeClickedPage(scopeUrl)).toBe(expected && `https://a.example${expected}`);
  });
});
