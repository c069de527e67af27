import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { axeFaults } from '../axeFaults';
import { ConsoleVisit } from './consoleVisit';

const limits = 'section[aria-label="Web pages, limits and retention"]';
const browsers = 'section[aria-label="Browsers of this application"]';
const alarm = '[role=status].mantine-Alert-root';

describeWith('chromium', 'Limits of an application in the console', () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start({ FANFARE_NEW_SUBSCRIPTIONS_PER_HOUR: '3' });
  }, 120_000);

  afterAll(() => visit?.close());

  const stored = async (key: string) => {
    const { applications } = await visit.site.call<{ applications: object[] }>(
      '{ applications { subscriptionsMost staleAfterDays protectedTags } }',
      {},
      key,
    );
    return applications[0];
  };

  /** What the form holds: the numbers, and the tags. */
  const form = () =>
    visit.page.$eval(limits, (panel) => {
      const element = panel as unknown as {
        querySelectorAll(selector: string): Iterable<{ value: string; textContent: string }>;
      };
      const numbers = [...element.querySelectorAll('.mantine-NumberInput-input')].map(({ value }) => value);
      const tags = [...element.querySelectorAll('.mantine-Pill-label')].map((pill) => pill.textContent);
      return [...numbers, ...tags];
    });

  /** The fields that are marked red, each with what is said of it. */
  const marked = () =>
    visit.page.$$eval(`${limits} [aria-invalid=true]`, (fields) =>
      fields.map((field) => {
        const { labels, ownerDocument } = field as unknown as {
          labels: { textContent: string }[];
          ownerDocument: { getElementById(id: string): { textContent: string } | null };
        };
        const ids = String(field.getAttribute('aria-describedby')).split(' ');
        const words = ids.map((id) => ownerDocument.getElementById(id)?.textContent ?? '');
        return [labels[0]?.textContent, ...words.filter((text) => text.startsWith('Must'))];
      }),
    );

  const openLimits = async (key: string) => {
    await visit.open('/settings', { key });
    await visit.page.waitForSelector(limits);
  };

  test('are stored, and there again after a reload', async () => {
    const { key } = await visit.makeApplication('gallery');
    await openLimits(key);
    await visit.fill('Browsers in all', '5000', 'textbox');
    await visit.fill('Days since the last visit', '30', 'textbox');
    await visit.fill('Protected tags', 'staff:*');
    await visit.page.keyboard.press('Enter');
    await visit.fill('Protected tags', 'board');
    await visit.page.keyboard.press('Enter');
    await visit.saveLimits();
    await visit.shows('Saved.', limits);
    const settings = { subscriptionsMost: 5_000, staleAfterDays: 30, protectedTags: ['staff:*', 'board'] };
    expect(await stored(key)).toEqual(settings);
    await visit.page.reload();
    await visit.page.waitForSelector(limits);
    expect(await form()).toEqual(['', '', '5,000', '30', 'staff:*', 'board']);
    await visit.fill('Days since the last visit', '', 'textbox');
    await visit.saveLimits();
    await visit.shows('Saved.', limits);
    expect(await stored(key)).toEqual({ ...settings, staleAfterDays: null });
  });

  test('that the API refuses say so at their field, and stay as they were typed', async () => {
    const { key } = await visit.makeApplication('museum', { staleAfterDays: 30 });
    await openLimits(key);
    await visit.fill('Days since the last visit', '9999', 'textbox');
    await visit.saveLimits();
    await visit.shows('Not saved: correct what is marked red.', limits);
    expect(await marked()).toEqual([['Days since the last visit', 'Must be a whole number from 1 to 3650.']]);
    expect(await axeFaults(visit.page)).toEqual([]);
    expect(await form()).toEqual(['', '', '', '9,999']);
    await visit.fill('Days since the last visit', '60', 'textbox');
    await visit.fill('Protected tags', 'x'.repeat(65));
    await visit.page.keyboard.press('Enter');
    await visit.saveLimits();
    await until(
      async () => (await marked()).some(([label]) => label === 'Protected tags'),
      'the other field',
    );
    expect(await marked()).toEqual([['Protected tags', expect.stringContaining('64')]]);
    expect(await stored(key)).toMatchObject({ staleAfterDays: 30, protectedTags: null });
    const numbers = { subscriptionsMost: '1999999999', requestsPerMinute: '0' };
    await visit.fill('Browsers in all', numbers.subscriptionsMost, 'textbox');
    await visit.saveLimits();
    await until(async () => (await marked()).length > 0, 'a refusal');
    expect((await marked()).map(([label]) => label)).toEqual(['Browsers in all']);
  });

  test('show on the overview and its page when it is nearly full, and when it is', async () => {
    const { id, key } = await visit.makeApplication('kiosk', { subscriptionsMost: 10 });
    await visit.subscribe(7, 'kiosk', key);
    await visit.open('/');
    await visit.heading('Overview');
    await visit.page.waitForSelector('.chart rect');
    expect(await visit.page.$(alarm)).toBeNull();

    await visit.subscribe(1, 'eighth', key);
    await visit.open('/');
    await visit.shows('“kiosk” has almost reached its limit of browsers', alarm);
    await visit.shows('8 of 10 browsers (80.0%). At the limit new browsers are refused.', alarm);
    await visit.shows('raise “Browsers in all” in the settings.', alarm);
    await visit.click('kiosk', 'link');
    await visit.heading('kiosk');
    await visit.shows('8 of 10 browsers (80.0%)', browsers);

    await visit.subscribe(2, 'more', key);
    await visit.open('/', { key });
    await visit.shows('“kiosk” has reached its limit of browsers', alarm);
    await visit.shows('10 of 10 browsers (100%). New browsers are refused.', alarm);
    await visit.click('kiosk', 'link');
    await visit.heading('Settings');
    await visit.shows(
      'New browsers are refused. Look for invented browsers, or raise “Browsers in all”',
      browsers,
    );
    const meter = await visit.page.$eval(`${browsers} [role=progressbar]`, (bar) => [
      bar.getAttribute('aria-valuenow'),
      bar.getAttribute('aria-label'),
    ]);
    expect(meter).toEqual(['100', 'Share of the limit: 100%']);

    await visit.fill('Browsers in all', '100', 'textbox');
    await visit.saveLimits();
    await visit.shows('10 of 100 browsers (10.0%)', browsers);
    expect(await visit.text(browsers)).not.toContain('refused');
    await visit.click('Overview', 'link');
    await visit.heading('Overview');
    await until(async () => (await visit.page.$(alarm)) === null, 'the alarm to end');
    expect(id).toMatch(/^app_/);
  });

  test('show when as many new browsers came in this hour as may', async () => {
    const { key, publishableKey } = await visit.makeApplication('fair');
    await visit.subscribeAnonymously(3, publishableKey);
    await visit.open('/', { key });
    await visit.shows('“fair” accepts no new browsers at present', alarm);
    await visit.shows(/3 of 5,000,000 browsers .*New browsers are refused until .*00/, alarm);
    await visit.shows('raise FANFARE_NEW_SUBSCRIPTIONS_PER_HOUR', alarm);
    await visit.click('fair', 'link');
    await visit.shows(/New browsers are refused until .*00/, browsers);
  });

  test.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)(
    'axe finds no serious fault beside an alarm in %s colours at %d pixels',
    async (scheme, width) => {
      const { id, key } = await visit.makeApplication(`narrow ${width}`, { subscriptionsMost: 5 });
      await visit.subscribe(5, `narrow-${width}`, key);
      await visit.open('/', { width, scheme });
      await visit.page.waitForSelector(alarm);
      expect(await axeFaults(visit.page)).toEqual([]);
      await visit.open(`/applications/${id}`, { width, scheme });
      await visit.shows('5 of 5 browsers', browsers);
      expect(await axeFaults(visit.page)).toEqual([]);
    },
  );

  test('nothing was asked of another host, and nothing broke', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
