import { openPage } from './openPage';

interface Window {
  readonly url: string;
  focus(): Promise<void>;
}

/** A worker scope with these windows open; `done` tells which was focused or opened. */
function scopeWith(urls: string[], fails = false) {
  const done: string[] = [];
  const note = async (what: string) => {
    if (fails) throw new Error('no user activation');
    done.push(what);
  };
  const windows: Window[] = urls.map((url) => ({ url, focus: () => note(`focus ${url}`) }));
  const clients = { matchAll: async () => windows, openWindow: (url: string) => note(`open ${url}`) };
  const scope = { registration: { scope: 'https://a.example/sdk/' }, clients };
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
