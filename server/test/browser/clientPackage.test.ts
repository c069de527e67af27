/** The client as a package: packed, installed by an app, type checked, built, and used in Chromium. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import { describeWith } from '../support/engines/available';
import { until } from '../support/until';
import { launchChromium } from './support/chromiumBrowser';
import { type ClientSite, type GraphqlAnswer, type GraphqlCall, startClientSite } from './support/clientSite';
import { type ConsumerProject, makeConsumerProject } from './support/consumerProject';
import { installFakePushManager } from './support/fakePushManager';

describeWith('chromium', 'The package in an app', () => {
  let project: ConsumerProject;
  let site: ClientSite;
  let browser: Browser;
  let page: Page;
  let refusal: string | undefined;
  /** Of the next `subscribe` alone. */
  let heldAnswer: Promise<GraphqlAnswer> | undefined;

  const refuse = (code: string) => ({ errors: [{ message: 'no', extensions: { code } }] });
  const answer = ({ query, variables }: GraphqlCall) => {
    if (refusal) return refuse(refusal);
    if (query.startsWith('query VapidPublicKey')) return { data: { vapidPublicKey: 'BAAA' } };
    if (query.startsWith('mutation Unsubscribe')) return { data: { unsubscribe: { unsubscribed: true } } };
    const held = heldAnswer;
    heldAnswer = undefined;
    if (held) return held;
    const { tags = ['customer', 'news'] } = variables.input as { tags?: string[] };
    return { data: { subscribe: { created: true, subscription: { id: 'sub_1', userId: 'ann', tags } } } };
  };
  const lastInput = () => site.calls.at(-1)?.variables.input as { tags?: string[]; detachUser?: boolean };
  const lastTags = () => lastInput()?.tags?.join(' ');
  const textOf = (selector: string) =>
    page.$$eval(selector, (elements) => elements[0]?.textContent ?? undefined);
  const button = '.fanfare-subscribe button';
  const shows = (selector: string, text: string) =>
    until(async () => (await textOf(selector)) === text, `"${text}" in ${selector}`);
  const isTicked = (tag: string) => page.$eval(`input[name=${tag}]`, (box) => Reflect.get(box, 'checked'));
  const faults = async () => {
    await page.evaluate(axe.source);
    return page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, help }) => ({ id, help })))',
    );
  };

  beforeAll(async () => {
    project = await makeConsumerProject();
    await project.build();
    await project.build('--mode', 'sw');
    site = await startClientSite(answer, project.dist);
    browser = await launchChromium();
    await browser.defaultBrowserContext().overridePermissions(site.origin, ['notifications']);
    page = await browser.newPage();
    await page.evaluateOnNewDocument(installFakePushManager);
    await page.goto(`${site.origin}/`);
  }, 120_000);

  afterEach(() => {
    refusal = undefined;
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    project?.remove();
  });

  it('brings its licence, all that it exports, and no link that leads nowhere', () => {
    const read = (path: string) => readFileSync(join(project.installed, path), 'utf8');
    expect(read('LICENSE')).toBe(readFileSync(join(__dirname, '../../../LICENSE'), 'utf8'));
    const described: { private?: boolean; exports: object } = JSON.parse(read('package.json'));
    expect(described.private).toBeUndefined();
    const exported = JSON.stringify(described.exports).match(/(?<=")\.\/dist\/[^"]+/g) ?? [];
    const linked = [...read('README.md').matchAll(/\]\((?!https:|#)([^)#]+)/g)].map(([, path]) =>
      String(path),
    );
    expect(exported).toHaveLength(9);
    const missing = [...exported, ...linked].filter((path) => !existsSync(join(project.installed, path)));
    expect(missing).toEqual([]);
  });

  it.each([
    ['as bundlers resolve', ['-p', '.']],
    ['as Node resolves', ['-p', '.', '--module', 'nodenext', '--moduleResolution', 'nodenext']],
    ['in a service worker', ['-p', 'tsconfig.sw.json']],
  ])('has types %s', (_, args) => project.check(...args), 60_000);

  it('has types that refuse what is wrong', async () => {
    await expect(project.check('-p', 'tsconfig.wrong.json')).rejects.toThrow(
      "Type 'number' is not assignable to type 'string'",
    );
  }, 60_000);

  it('offers notifications first, with nothing to choose yet', async () => {
    await shows('h1', 'May we tell you when it is ready?');
    expect(await textOf(button)).toBe('Turn on notifications');
    expect(await page.$eval('fieldset', (fieldset) => Reflect.get(fieldset, 'disabled'))).toBe(true);
    expect(await faults()).toEqual([]);
  });

  it('keeps the focus on the button and says why it did not work', async () => {
    refusal = 'UNAVAILABLE';
    await page.focus(button);
    await page.keyboard.press('Enter');
    await shows('[role=alert]', 'We cannot be reached. Please try again later.');
    expect(await page.$eval(button, (element) => element.matches(':focus'))).toBe(true);
  });

  it('subscribes with the options of the page', async () => {
    await page.click(button);
    await shows(button, 'Turn off notifications');
    expect(lastInput()).toMatchObject({ userId: 'ann', tags: ['customer', 'news'] });
    expect(await page.$('[role=alert]')).toBeNull();
    await shows('h1', 'Welcome');
    expect(await faults()).toEqual([]);
  });

  it('saves a tick at once and leaves other tags alone', async () => {
    await until(() => isTicked('news'), 'the tick at news');
    expect(await isTicked('offers')).toBe(false);
    await page.click('input[name=offers]');
    await until(() => lastTags() === 'customer news offers', 'the tag that was added');
    await shows('fieldset [role=status]', 'Saved.');
    await page.click('input[name=news]');
    await until(() => lastTags() === 'customer offers', 'the tag that was taken away');
    await shows('fieldset [role=status]', 'Saved.');
    expect([await isTicked('news'), await isTicked('offers')]).toEqual([false, true]);
  });

  it('takes a tick back that could not be saved', async () => {
    refusal = 'RATE_LIMITED';
    await page.click('input[name=news]');
    await shows('fieldset [role=alert]', 'That could not be saved (RATE_LIMITED). Please try again.');
    expect([await isTicked('news'), await isTicked('offers')]).toEqual([false, true]);
    expect(await faults()).toEqual([]);
  });

  it('shows the tags again on the next page', async () => {
    await page.reload();
    await until(() => isTicked('offers'), 'the tick at offers');
    expect(await isTicked('news')).toBe(false);
  });

  it('shows what the API has when the first of two ticks fails and the second brings both', async () => {
    let fail = () => {};
    heldAnswer = new Promise((resolve) => {
      fail = () => resolve(refuse('RATE_LIMITED'));
    });
    await page.click('input[name=news]');
    await page.click('input[name=offers]');
    fail();
    await until(() => lastTags() === 'customer news', 'the tags of both ticks');
    await shows('fieldset [role=status]', 'Saved.');
    expect([await isTicked('news'), await isTicked('offers')]).toEqual([true, false]);
    expect(await page.$('fieldset [role=alert]')).toBeNull();
  });

  it('leaves alone what another part of the page has chosen meanwhile', async () => {
    await page.click('input[name=weekly]');
    await until(() => lastTags() === 'customer news weekly', 'the tag of the other part');
    await page.click('input[name=news]');
    await until(() => lastTags() === 'customer weekly', 'the tag that was taken away');
    await page.click('input[name=weekly]');
    await until(() => lastTags() === 'customer', 'the other one that was taken away');
  });

  it('logs the user out and stays on', async () => {
    await page.click('#logout');
    await until(() => lastInput()?.detachUser, 'the logout');
    expect(await textOf(button)).toBe('Turn off notifications');
  });

  it('turns notifications off', async () => {
    await page.click(button);
    await shows(button, 'Turn on notifications');
    expect(site.calls.at(-1)?.query).toContain('mutation Unsubscribe');
    await shows('h1', 'Welcome');
  });

  it('says nothing of tags saved before, once notifications are on again', async () => {
    await page.click(button);
    await shows(button, 'Turn off notifications');
    expect(await textOf('fieldset [role=status]')).toBe('');
  });
});
