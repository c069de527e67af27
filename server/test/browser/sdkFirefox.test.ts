import type { Browser, Page } from 'puppeteer-core';
import webPush from 'web-push';
import type { LocalPushService } from '../../src/localPushService/localPushService';
import { startLocalPushService } from '../../src/localPushService/startLocalPushService';
import { until } from '../support/until';
import { firefoxPath } from './browserPaths';
import { type ClientSite, type GraphqlCall, startClientSite } from './clientSite';
import { startFirefox } from './firefoxBrowser';

const suite = firefoxPath ? describe : describe.skip;

interface SubscribeInput {
  readonly subscription: webPush.PushSubscription;
  readonly userId?: string;
  readonly replaces?: string;
}

suite('The demo page in Firefox, with a real push service', () => {
  const vapid = webPush.generateVAPIDKeys();
  let pushService: LocalPushService;
  let site: ClientSite;
  let browser: Browser;
  let page: Page;

  const answer = ({ query }: GraphqlCall) => {
    if (query.startsWith('query VapidPublicKey')) return { data: { vapidPublicKey: vapid.publicKey } };
    if (query.startsWith('mutation Unsubscribe')) return { data: { unsubscribe: { unsubscribed: true } } };
    if (query.startsWith('mutation RecordReceipt')) return { data: { recordReceipt: true } };
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
  const message = (title: string, url = `${site.origin}/graphql`) => {
    const data = { fanfare: { receipt: title, url } };
    return { web_push: 8030, notification: { title, tag: 'ntf-1', data } };
  };
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
    const titles = await page.evaluate(
      "navigator.serviceWorker.getRegistration('/sdk/').then((r) => r.getNotifications()).then((all) => all.map((n) => n.title))",
    );
    expect(titles).toEqual(['First']);
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

  it('heals on page load and unsubscribes at a click', async () => {
    await page.reload();
    await page.waitForSelector('#state[data-state=subscribed]');
    const { endpoint } = lastSubscribe().subscription;
    await page.click('#unsubscribe');
    await page.waitForSelector('#state[data-state=unsubscribed]');
    expect(callsOf('mutation Unsubscribe').at(-1)?.variables).toEqual({ endpoint });
  });
});
