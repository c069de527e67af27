import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { axeFaults } from '../axeFaults';
import { type ConsoleView, consoleViews } from './consoleViews';
import { ConsoleVisit } from './consoleVisit';

describeWith('chromium', 'Every view of the console', () => {
  let visit: ConsoleVisit;
  let views: ConsoleView[];

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
    views = await consoleViews(visit);
  }, 120_000);

  afterAll(() => visit?.close());

  const open = async ({ path, ready, isSignedOut }: ConsoleView, options: object) => {
    await visit.open(path, { ...options, ...(isSignedOut && { key: '' }) });
    await visit.page.waitForSelector(ready);
  };

  test('has no serious fault that axe finds and does not scroll sideways, in both colours at a desk and on a phone', async () => {
    const found: string[] = [];
    for (const view of views) {
      await open(view, {});
      if (view.hasContent) await visit.foldMore();
      for (const scheme of ['light', 'dark'] as const) {
        for (const width of [1280, 390]) {
          await visit.look(scheme, width);
          await visit.page.waitForSelector(view.ready);
          const faults = await axeFaults(visit.page);
          found.push(...faults.map((fault) => `${fault} in ${scheme} colours at ${width} pixels`));
          if ((await visit.page.$$('h1')).length !== 1) found.push(`${view.path} has not one heading`);
        }
      }
    }
    expect(found).toEqual([]);
  }, 300_000);

  describe.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)('in %s colours at %d pixels', (scheme, width) => {
    test('can be read where something is wrong', async () => {
      await visit.open('/compose', { width, scheme });
      await visit.fill('Title', 'Faulty', 'textbox');
      await visit.fill('Icon', 'www.shop.example/icon.png', 'textbox');
      await visit.foldMore();
      await visit.fill('Vibration', 'buzz', 'textbox');
      await visit.shows('An address begins with https:// or http://');
      await visit.shows('At most 32 whole numbers');
      expect(await axeFaults(visit.page)).toEqual([]);
    });

    test('can be read where a question is asked', async () => {
      await visit.open('/keys', { width, scheme });
      await visit.click('Revoke newsroom');
      await visit.shows('Revoke “newsroom”?');
      await visit.page.waitForFunction(
        "getComputedStyle(document.querySelector('[role=dialog]')).opacity === '1'",
      );
      expect(await axeFaults(visit.page)).toEqual([]);
      await visit.notNow();
    });
  });

  test('shows what the keyboard reaches below the header, not under it', async () => {
    await visit.open('/notifications');
    await visit.page.waitForSelector('.data-table tbody tr');
    await visit.page.evaluate('scrollTo(0, document.body.scrollHeight)');
    const tops: number[] = [];
    for (let each = 0; each < 20; each += 1) {
      await visit.page.evaluate(`[...document.querySelectorAll('.data-table a')].at(${-each - 1}).focus()`);
      tops.push(Number(await visit.page.evaluate('document.activeElement.getBoundingClientRect().top')));
    }
    expect(Math.min(...tops)).toBeGreaterThanOrEqual(58);
  });

  test('breaks no word of the audit log into letters at a desk', async () => {
    await visit.open('/keys');
    const log = '[aria-label="Audit log, in a table"]';
    await visit.page.waitForSelector(`${log} tbody tr`);
    const heights = await visit.page.$$eval(`${log} tbody tr`, (rows) =>
      rows.map((row) => (row as unknown as { offsetHeight: number }).offsetHeight),
    );
    expect(Math.max(...heights)).toBeLessThan(80);
  });

  describe('with a list', () => {
    const lists = [
      ['/notifications', ['Notifications, in a table']],
      ['/people', ['Browsers, in a table']],
      ['/people/user-1001', ['History, in a table']],
      ['/keys', ['API keys, in a table', 'VAPID keys, in a table', 'Audit log, in a table']],
      ['/applications', ['Applications, in a table']],
    ] as const;

    /** What the lists of a page say, row by row, without the names of columns. */
    const rowsOf = async (path: string, labels: readonly string[], width: number, rows: string) => {
      await visit.open(path, { width });
      return Promise.all(
        labels.map(async (label) => {
          await visit.page.waitForSelector(`[aria-label="${label}"] ${rows}`);
          return visit.page.$$eval(`[aria-label="${label}"] ${rows}`, (found) => found.length);
        }),
      );
    };

    test.each(lists)(
      '%s has a table with headings at a desk, and cards with names on a phone',
      async (path, labels) => {
        const atDesk = await rowsOf(path, labels, 1280, 'table.data-table tbody tr');
        expect(await visit.page.$$('.data-cards')).toEqual([]);
        for (const label of labels) {
          expect(await visit.page.$$(`[aria-label="${label}"] thead th`)).not.toEqual([]);
          expect(await visit.page.$(`[aria-label="${label}"] tbody th[scope=row]`)).not.toBeNull();
        }
        expect(await rowsOf(path, labels, 390, 'ul.data-cards > li')).toEqual(atDesk);
        expect(await visit.page.$$('.data-table')).toEqual([]);
        expect(await visit.page.$('.data-cards dl dt')).not.toBeNull();
      },
    );

    test('names each value of a card as its column does', async () => {
      await visit.open('/keys', { width: 390 });
      await visit.shows('shop back end');
      const card = await visit.page.$$eval('.data-cards > li', (cards) =>
        cards.map((each) => String(each.textContent)).find((text) => text.includes('shop back end')),
      );
      expect(card).toMatch(
        /^Name: shop back end.*Status: live.*Kindsecret.*Made.*Last usednever.*Scopesnotifications:send/,
      );
    });

    test('turns into cards, and back, with the width', async () => {
      await visit.open('/keys');
      await visit.page.waitForSelector('[aria-label="API keys, in a table"] .data-table');
      await visit.page.setViewport({ width: 390, height: 900 });
      await visit.page.waitForSelector('[aria-label="API keys, in a table"] .data-cards');
      await visit.page.setViewport({ width: 1280, height: 900 });
      await visit.page.waitForSelector('[aria-label="API keys, in a table"] .data-table');
    });

    test('leads to the beginning of another page, and the keyboard with it', async () => {
      await visit.open('/notifications', { width: 390 });
      await visit.page.waitForSelector('.data-cards > li');
      await visit.page.evaluate('scrollTo(0, document.body.scrollHeight)');
      expect(await visit.page.evaluate('scrollY')).toBeGreaterThan(500);
      const links = await visit.page.$$('.data-cards > li a');
      await links.at(-1)?.click();
      await visit.shows('Content and delivery');
      await until(async () => (await visit.page.evaluate('scrollY')) === 0, 'the beginning of the page');
      expect(await visit.page.evaluate('document.activeElement.id')).toBe('main');
    });
  });

  test('asks no other host, and breaks nothing', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
