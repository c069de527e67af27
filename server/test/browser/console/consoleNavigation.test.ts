import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { axeFaults } from '../axeFaults';
import { ConsoleVisit } from './consoleVisit';

describeWith('chromium', "The console's navigation on a phone", () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, 120_000);

  afterAll(() => visit?.close());

  beforeEach(async () => {
    await visit.open('/settings', { width: 390 });
    await visit.page.waitForSelector('form');
  });

  /** The names of what Tab reaches one after the other, from where the keyboard is. */
  const tabThrough = async (count: number) => {
    const names: string[] = [];
    for (let each = 0; each < count; each += 1) {
      await visit.page.keyboard.press('Tab');
      names.push(
        String(
          await visit.page.evaluate(
            'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent',
          ),
        ),
      );
    }
    return names;
  };
  const focused = () => visit.page.evaluate('document.activeElement.getAttribute("aria-label")');
  const openNavigation = async () => {
    await visit.click('Open navigation');
    await visit.page.waitForSelector('nav a', { visible: true });
  };
  const isClosed = () => visit.page.waitForSelector('nav a', { hidden: true });
  /** What a screen reader is told of. */
  const told = async (role: string) =>
    JSON.stringify(await visit.page.accessibility.snapshot()).includes(role);

  test('is not reached by keyboard and screen reader while it is closed', async () => {
    const names = await tabThrough(5);
    expect(names.slice(0, 3)).toEqual(['Skip to the page', 'Open navigation', 'Use dark colours']);
    expect(names).not.toContain('Overview');
    expect(names).not.toContain('Sign out');
    expect(await told('"name":"Sign out"')).toBe(false);
  });

  test('is reached when it is open, and what it covers is not', async () => {
    await openNavigation();
    const names = await tabThrough(10);
    expect(names.slice(0, 3)).toEqual(['Use dark colours', 'Overview', 'Compose']);
    expect(names.at(-1)).toBe('Sign out');
    await visit.page.keyboard.press('Tab');
    expect(await visit.page.evaluate("document.activeElement.closest('main') === null")).toBe(true);
    expect(await told('"name":"Sign out"')).toBe(true);
    expect(await axeFaults(visit.page)).toEqual([]);
  });

  test('is closed by Escape, which leaves the keyboard where it was opened', async () => {
    await openNavigation();
    await visit.page.keyboard.press('Escape');
    await isClosed();
    expect(await focused()).toBe('Open navigation');
  });

  test('is closed by the link to another page, and by that to the present one', async () => {
    await openNavigation();
    await visit.click('Settings', 'link');
    await isClosed();
    await visit.heading('Settings');
    await openNavigation();
    await visit.click('Keys', 'link');
    await isClosed();
    await visit.heading('Keys');
    await until(async () => (await visit.page.evaluate('document.activeElement.id')) === 'main', 'the page');
  });

  test('stands beside the page again where there is room', async () => {
    await visit.page.setViewport({ width: 1280, height: 900 });
    await visit.page.waitForSelector('nav a', { visible: true });
    expect((await tabThrough(3)).at(-1)).toBe('Overview');
  });

  test('asks no other host, and breaks nothing', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
