import type { Browser, Page } from 'puppeteer-core';
import webPush from 'web-push';
import type { LocalPushService } from '../../src/localPushService/localPushService';
import { startLocalPushService } from '../../src/localPushService/startLocalPushService';
import { describeWith } from '../support/engines/available';
import { until } from '../support/until';
import { firefoxPath } from './support/browserPaths';
import { type ClientSite, type GraphqlCall, startClientSite } from './support/clientSite';
import { startFirefox } from './support/firefoxBrowser';
import { readKeptReceipts } from './support/readKeptReceipts';

interface SubscribeInput {
  readonly subscription: webPush.PushSubscription;
  readonly userId?: string;
  readonly replaces?: string;
}

describeWith('firefox', 'The demo page in Firefox, with a real push service', () => {
  const vapid = webPush.generateVAPIDKeys();
  let pushService: LocalPushService;
  let site: ClientSite;
  let browser: Browser;
  let page: Page;
  let isApiDown = false;
  const heardWhileDown: unknown[] = [];

  const answer = ({ query, variables }: GraphqlCall) => {
    if (query.startsWith('query VapidPublicKey')) return { data: { vapidPublicKey: vapid.publicKey } };
    if (query.startsWith('mutation Unsubscribe')) return { data: { unsubscribe: { unsubscribed: true } } };
    if (query.startsWith('mutation RecordReceipt')) {
      if (isApiDown) heardWhileDown.push(variables.token);
      return isApiDown ? undefined : { data: { recordReceipt: true } };
    }
    return {
      data: { subscribe: { created: true, subscription: { id: 'sub_1', userId: 'demo', tags: [] } } },
    };
  };
  const callsOf = (operation: string) => site.calls.filter(({ query }) => query.includes(operation));
  const lastSubscribe = () => callsOf('mutation Subscribe').at(-1)?.variables.input as SubscribeInput;

  const push = async (payload: object): Promise<number> => {
    const { subscription } = lastSubscribe();
    const details = webPush.generateRequestDetails(subscription, JSON.stringify(payload), {
      TTL: 60,
      vapidDetails: { subject: 'mailto:ops@example.org', ...vapid },
    });
    // web-push itself speaks https only
    const { endpoint, method, headers, body } = details;
    const response = await fetch(endpoint, { method, headers: headers as Record<string, string>, body });
    return response.status;
  };
  const message = (title: string, url = `${site.origin}/graphql`, tag = 'ntf-1') => {
    const data = { fanfare: { receipt: title, url } };
    return { web_push: 8030, notification: { title, tag, data } };
  };
  const keptInFirefox = () => page.evaluate(readKeptReceipts) as Promise<string[]>;
  const shownTitles = () =>
    page.evaluate(
      "navigator.serviceWorker.getRegistration('/sdk/').then((r) => r.getNotifications()).then((all) => all.map((n) => n.title))",
    ) as Promise<string[]>;
  const receipts = () => callsOf('RecordReceipt').map(({ variables }) => variables);

  beforeAll(async () => {
    pushService = await startLocalPushService();
    site = await startClientSite(answer);
    browser = await startFirefox(firefoxPath, pushService.webSocketUrl);
    // a subscribe before Firefox has said hello never settles
    await until(() => pushService.stats().userAgents > 0, 'the hello of Firefox');
    page = await browser.newPage();
    await page.goto(`${site.origin}/demo/`);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await pushService?.stop();
  });

  it('subscribes at a click', async () => {
    await page.click('#subscribe');
    await page.waitForSelector('#state[data-state=subscribed]');
    expect(lastSubscribe()).toMatchObject({
      userId: 'demo',
      subscription: { keys: { auth: expect.any(String) } },
    });
  });

  it('shows what was pushed and sends the receipt', async () => {
    expect(await push(message('First'))).toBe(201);
    await until(() => receipts().length > 0, 'the receipt');
    expect(receipts()).toEqual([{ token: 'First', event: 'DISPLAYED' }]);
    expect(await shownTitles()).toEqual(['First']);
  });

  it('renews a subscription that the push service lost, and is reachable again', async () => {
    const lost = lastSubscribe().subscription.endpoint;
    const uaid = pushService.acknowledgements[0]?.uaid ?? '';
    expect(pushService.forgetUserAgent(uaid)).toBe(true);
    await until(() => lastSubscribe().replaces === lost, 'the renewed subscription', 30_000);
    expect(await push(message('Second'))).toBe(201);
    await until(() => receipts().length > 1, 'the second receipt');
    // the first one made way for it, which is no dismissal
    expect(receipts()).toEqual([
      { token: 'First', event: 'DISPLAYED' },
      { token: 'Second', event: 'DISPLAYED' },
    ]);
  });

  it('sends the receipt where the page finds the API when the address in the message does not answer', async () => {
    expect(await push(message('Third', 'http://localhost:9/graphql'))).toBe(201);
    await until(() => receipts().length > 2, 'the third receipt');
    expect(receipts().at(-1)).toEqual({ token: 'Third', event: 'DISPLAYED' });
  });

  it('keeps the receipt while the API is down, and sends it when a page loads', async () => {
    isApiDown = true;
    expect(await push(message('Fourth'))).toBe(201);
    await until(() => keptInFirefox().then((tokens) => tokens.includes('Fourth')), 'the kept receipt');
    expect(heardWhileDown).toContain('Fourth');
    isApiDown = false;
    const attempts = receipts().length;
    await page.reload();
    await until(() => receipts().length > attempts, 'the receipt');
    expect(receipts().slice(attempts)).toEqual([{ token: 'Fourth', event: 'DISPLAYED' }]);
    await until(() => keptInFirefox().then((tokens) => tokens.length === 0), 'nothing kept');
  });

  it('takes a notification that Firefox closes after 20 seconds for no dismissal', async () => {
    expect(await push(message('Left alone', undefined, 'ntf-2'))).toBe(201);
    await until(async () => (await shownTitles()).includes('Left alone'), 'the notification');
    await until(async () => !(await shownTitles()).includes('Left alone'), 'its end', 40_000);
    // receipts come in order: once a later one is there, none is on its way
    expect(await push(message('Last'))).toBe(201);
    await until(() => receipts().at(-1)?.token === 'Last', 'the receipt of the last');
    expect(receipts().filter(({ event }) => event !== 'DISPLAYED')).toEqual([]);
  });

  it('heals on page load and unsubscribes at a click', async () => {
    await page.reload();
    await page.waitForSelector('#state[data-state=subscribed]');
    const { endpoint } = lastSubscribe().subscription;
    await page.click('#unsubscribe');
    await page.waitForSelector('#state[data-state=unsubscribed]');
    expect(callsOf('mutation Unsubscribe').at(-1)?.variables).toEqual({ endpoint });
  });
});
