import type { Page } from 'puppeteer-core';
import type { SimulatedUserAgent } from '../../../src/localPushService/userAgent/simulatedUserAgent';
import { until } from '../../support/until';
import { chromiumPath } from '../support/browserPaths';
import { type ConsoleSite, startConsoleSite } from './consoleSite';

/** As long as a list may take to unfold. */
const turnMs = 8_000;
const openMs = 3_000;

/** Runs in the page: gives a field another value as a person does, so that React hears of it. */
function write(field: object, value: string): void {
  const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value') ?? {};
  set?.call(field, value);
  (field as EventTarget).dispatchEvent(new Event('input', { bubbles: true }));
}

/** Runs in the page: whether text stands in a field of text. */
function hasText(field: object): boolean {
  const { tagName, type, value } = field as { tagName: string; type: string; value: string };
  return (tagName === 'TEXTAREA' || type === 'text') && value !== '';
}

/** What a person does in the console, one page at a time; waits for what it looks for. */
export class ConsoleVisit {
  #page: Page | undefined;

  private constructor(readonly site: ConsoleSite) {}

  /** @param url where the browser reaches the server, if not where it listens */
  static async start(settings: Record<string, string> = {}, url?: string): Promise<ConsoleVisit> {
    return new ConsoleVisit(await startConsoleSite(chromiumPath, settings, url));
  }

  get page(): Page {
    if (!this.#page) throw new Error('no page is open');
    return this.#page;
  }

  async open(...options: Parameters<ConsoleSite['open']>): Promise<void> {
    await this.leave();
    this.#page = await this.site.open(...options);
  }

  /** Closes the page with its storage. */
  async leave(): Promise<void> {
    const page = this.#page;
    this.#page = undefined;
    if (page && !page.isClosed()) await page.browserContext().close();
  }

  async close(): Promise<void> {
    await this.leave();
    await this.site.close();
  }

  /** Shows the page that is open in other colours and at another width, and waits until nothing fades any more. */
  async look(scheme: 'light' | 'dark', width: number): Promise<void> {
    await this.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await this.page.setViewport({ width, height: 900 });
    await this.page.waitForSelector(`html[data-mantine-color-scheme=${scheme}]`);
    await this.page.waitForFunction(
      "document.getAnimations().every(({ effect, playState }) => playState === 'finished' || effect.getTiming().iterations === Infinity)",
    );
  }

  text(selector = 'body'): Promise<string> {
    return this.page.$eval(selector, (element) =>
      String((element as unknown as { innerText: string }).innerText),
    );
  }

  async shows(words: string | RegExp, selector = 'body'): Promise<void> {
    await until(
      async () => {
        const shown = await this.text(selector).catch(() => '');
        return typeof words === 'string' ? shown.includes(words) : words.test(shown);
      },
      `${words} in ${selector}`,
      20_000,
    );
  }

  heading(words: string): Promise<void> {
    return this.shows(words, 'h1');
  }

  click(name: string, role = 'button'): Promise<void> {
    return this.page.locator(`::-p-aria([name="${name}"][role="${role}"])`).click();
  }

  /** Chooses from a list. Where the page still moves, a click can fold the list up again, so it may take several. */
  async choose(list: string, option: string): Promise<void> {
    const name = `::-p-aria([name="${option}"][role="option"])`;
    await until(
      async () => {
        const field = this.page.locator(`input${list}`).setTimeout(openMs);
        const isThere = await field.click().then(
          () => true,
          () => false,
        );
        if (!isThere) {
          await this.#unfold();
          return false;
        }
        const item = this.page.locator(name).setTimeout(openMs);
        return item
          .click()
          .then(() => true)
          .catch(() => false);
      },
      `"${option}" to choose`,
      20_000,
    );
  }

  /** Where a fold has closed again, because a click on it came late. */
  async #unfold(): Promise<void> {
    const folded = 'button.mantine-Accordion-control[aria-expanded=false]';
    if (await this.page.$(folded)) await this.#clickInMiddle(folded);
  }

  /** Answers a question with no, and waits until its dialog is out of the way. */
  async notNow(): Promise<void> {
    await this.answer('Not now');
  }

  /** Answers a question, and waits until its dialog is out of the way. */
  async answer(words: string): Promise<void> {
    await this.click(words);
    await this.page.waitForSelector('[role="dialog"]', { hidden: true });
  }

  /** Semaphore a switch, or ticks a box: its input is hidden behind its label. */
  async turn(label: string): Promise<void> {
    await this.#clickInMiddle(`label ::-p-text(${label})`);
  }

  async #clickInMiddle(selector: string): Promise<void> {
    const locator = this.page.locator(selector);
    const handle = await locator.waitHandle();
    // else a click may hit the header of the page, which stands over what was scrolled below it
    await handle.evaluate((element: unknown) =>
      (element as { scrollIntoView(how: object): void }).scrollIntoView({ block: 'center' }),
    );
    await locator.click();
  }

  /** Unfolds the rarer fields of a content, or folds them up again. Where the page still moves, a click can miss. */
  async foldMore(): Promise<void> {
    const fold = 'button.mantine-Accordion-control';
    await this.page.waitForSelector(fold);
    const wasOpen = (await this.page.$(`${fold}[aria-expanded=true]`)) !== null;
    const turned = `${fold}[aria-expanded=${!wasOpen}]`;
    await until(
      async () => {
        if (await this.page.$(turned)) return true;
        await this.#clickInMiddle(fold);
        // long enough for a slow machine: a second click while the first is still to come would turn it back
        const hasTurned = this.page.waitForSelector(turned, { timeout: turnMs });
        return hasTurned.then(() => true).catch(() => false);
      },
      'the rarer fields to fold',
      20_000,
    );
    const shown = wasOpen ? { hidden: true } : { visible: true };
    await this.page.waitForSelector('::-p-aria([name="Vibration"])', shown);
  }

  /** Stores what was changed of an application's web pages, limits and retention. */
  saveLimits(): Promise<void> {
    return this.#save('Web pages, limits and retention');
  }

  /** Stores what was changed of an application's welcome. */
  saveWelcome(): Promise<void> {
    return this.#save('Welcome and verification');
  }

  #save(panel: string): Promise<void> {
    return this.page.locator(`section[aria-label="${panel}"] button[type=submit]`).click();
  }

  /** Writes into a field, in place of what stands there. */
  async fill(name: string, value: string, role?: string): Promise<void> {
    const locator = this.page.locator(`::-p-aria([name="${name}"]${role ? `[role="${role}"]` : ''})`);
    // emptied without an event, the field would get its old text back from React at any moment before the typing
    const field = await locator.waitHandle();
    if (await field.evaluate(hasText)) await field.evaluate(write, '');
    await locator.fill(value);
  }

  /** Writes a moment into a field of date and time, which the keyboard fills in the order of the reader's country. */
  async setTime(name: string, iso: string): Promise<void> {
    const field = await this.page.waitForSelector(`::-p-aria([name="${name}"])`);
    // Chromium goes by the time zone of this process
    const local = new Date(Date.parse(iso) - new Date(iso).getTimezoneOffset() * 60_000);
    await field?.evaluate(write, local.toISOString().slice(0, 16));
  }

  /**
   * Registers `count` simulated browsers of the users `<tag>-0`, `<tag>-1`, …, all with this tag.
   * @param key of their application; the admin's of the site when left out
   */
  async subscribe(count: number, tag: string, key?: string): Promise<SimulatedUserAgent[]> {
    const agents: SimulatedUserAgent[] = [];
    const { vapidPublicKey } = await this.site.call<{ vapidPublicKey: string }>(
      '{ vapidPublicKey }',
      {},
      key,
    );
    for (let each = 0; each < count; each += 1) {
      const agent = this.site.pushService.createUserAgent();
      const subscription = agent.subscribe(vapidPublicKey);
      agents.push(agent);
      const input = { subscription, userId: `${tag}-${each}`, tags: [tag] };
      await this.site.call(
        'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }',
        { input },
        key,
      );
    }
    return agents;
  }

  /** Registers simulated browsers of nobody in particular, as a page does. */
  async subscribeAnonymously(count: number, publishableKey: string): Promise<void> {
    const { vapidPublicKey } = await this.site.call<{ vapidPublicKey: string }>(
      '{ vapidPublicKey }',
      {},
      publishableKey,
    );
    for (let each = 0; each < count; each += 1) {
      const subscription = this.site.pushService.createUserAgent().subscribe(vapidPublicKey);
      await this.site.call(
        'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }',
        { input: { subscription } },
        publishableKey,
      );
    }
  }

  /** Makes an application: its id, the key of its admin and that of its pages. */
  async makeApplication(
    name: string,
    settings: object = {},
  ): Promise<{ id: string; key: string; publishableKey: string }> {
    const { createApplication } = await this.site.call<{
      createApplication: { application: { id: string }; adminKey: string; publishableKey: string };
    }>(
      'mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { application { id } adminKey publishableKey } }',
      { input: { name, settings } },
    );
    const { application, adminKey: key, publishableKey } = createApplication;
    return { id: application.id, key, publishableKey };
  }

  /** A fresh secret key with these scopes. */
  async newKey(...scopes: string[]): Promise<string> {
    const answer = await this.site.call<{ createApiKey: { secret: string } }>(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
      { input: { name: `test ${scopes}`, kind: 'SECRET', scopes } },
    );
    return answer.createApiKey.secret;
  }

  /** What the API has of a notification's content. */
  async contentOf(id: string): Promise<Record<string, unknown>> {
    const { notification } = await this.site.call<{ notification: { content: Record<string, unknown> } }>(
      'query ($id: ID!) { notification(id: $id) { content } }',
      { id },
    );
    return notification.content;
  }

  /** Sends a notification, and tells its id. */
  async send(input: object, key?: string): Promise<string> {
    const sent = await this.site.call<{ sendNotification: { notification: { id: string } } }>(
      'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } } }',
      { input },
      key,
    );
    return sent.sendNotification.notification.id;
  }

  /** Where a notification stands. */
  async statusOf(id: string, key?: string): Promise<string> {
    const { notification } = await this.site.call<{ notification: { status: string } }>(
      'query ($id: ID!) { notification(id: $id) { status } }',
      { id },
      key,
    );
    return notification.status;
  }

  /** A broadcast of the seed, some of which failed. */
  async broadcast(): Promise<{ id: string; progress: Record<string, number> }> {
    type Answer = { notifications: { edges: { node: { id: string; progress: Record<string, number> } }[] } };
    const { notifications } = await this.site.call<Answer>(
      '{ notifications(first: 100, status: COMPLETED) { edges { node { id progress { targeted accepted rejected expired exhausted } } } } }',
    );
    const found = notifications.edges.find(
      ({ node }) => Number(node.progress.targeted) > 200 && Number(node.progress.expired) > 0,
    );
    if (!found) throw new Error('the seed has no such broadcast');
    return found.node;
  }
}
