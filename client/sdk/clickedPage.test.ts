import { clearStores } from '../test/memoryStore';
import { keepClickedPage, takeClickedPage } from './clickedPage';

jest.mock('./inStore', () => jest.requireActual('../test/memoryStore'));

const scope = 'https://a.example/sdk/';
const url = 'https://a.example/orders/7';

/** A page on the iOS Home Screen (true), in an iOS tab (false), or in any other browser. */
function pretend(standalone: boolean | undefined): void {
  const navigator = standalone === undefined ? {} : { standalone };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}

describe('the page of a click', () => {
  beforeEach(clearStores);
  afterEach(() => Reflect.deleteProperty(globalThis, 'navigator'));

  const keep = (ageMs: number, hasFailed: boolean) =>
    keepClickedPage({ scope, url, clickedAt: Date.now() - ageMs, hasFailed });

  it.each<[string, boolean | undefined, boolean, number, string | undefined]>([
    ['leads a web app on the Home Screen there', true, false, 1_000, url],
    ['leads nobody there a minute later', true, false, 60_001, undefined],
    ['is none in another browser, which opened it', undefined, false, 1_000, undefined],
    ['is none in a tab on iOS', false, false, 1_000, undefined],
    ['leads every browser there that opened nothing', undefined, true, 1_000, url],
  ])('%s', async (_, standalone, hasFailed, ageMs, expected) => {
    pretend(standalone);
    await keep(ageMs, hasFailed);
    expect(await takeClickedPage(scope)).toBe(expected);
  });

  it('is taken once', async () => {
    pretend(true);
    await keep(0, false);
    expect([await takeClickedPage(scope), await takeClickedPage(scope)]).toEqual([url, undefined]);
  });

  it('is the last one clicked, in its own scope', async () => {
    pretend(true);
    await keep(0, false);
    await keepClickedPage({ scope, url: `${url}?again`, clickedAt: Date.now(), hasFailed: false });
    expect(await takeClickedPage('https://a.example/other/')).toBeUndefined();
    expect(await takeClickedPage(scope)).toBe(`${url}?again`);
  });
});
