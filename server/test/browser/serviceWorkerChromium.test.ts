import { describeWith } from '../support/engines/available';
import { until } from '../support/until';
import { chromiumPath } from './support/browserPaths';
import { type ChromiumWorker, startChromiumWorker } from './support/chromiumWorker';
import { type ClientSite, startClientSite } from './support/clientSite';

const openTrack = { action: 'track', title: 'Track', navigate: 'https://shop.example/track/7' };

/** What the delivery worker sends: one notification with the caller's data and the receipt's token beside it. */
function declarative(site: ClientSite, members: object, receipt = 'token-1'): string {
  const data = { order: 7, fanfare: { receipt, url: `${site.origin}/graphql` } };
  const notification = { title: 'Your order', tag: 'ntf-1', ...members, mutable: true, data };
  return JSON.stringify({ web_push: 8030, mutable: true, notification });
}

describeWith('chromium', 'The service worker in Chromium', () => {
  let site: ClientSite;
  let worker: ChromiumWorker;

  beforeAll(async () => {
    site = await startClientSite(() => ({ data: { recordReceipt: true } }));
    worker = await startChromiumWorker(chromiumPath, site.origin);
  });

  afterAll(async () => {
    await worker?.close();
    await site?.close();
  });

  beforeEach(async () => {
    site.calls.length = 0;
    await worker.clear();
  });

  const shownAfter = async (data: string) => {
    const before = receipts().length;
    await worker.push(data);
    const [shown, ...others] = await worker.shown();
    expect(others).toEqual([]);
    // waited for where one is due, so that it does not come during a later test
    if (data.includes('"receipt"')) await until(() => receipts().length > before, 'the receipt');
    return shown;
  };
  const receipts = () => site.calls.map(({ variables }) => variables);

  it('shows a declarative message exactly, keeping the data of the caller', async () => {
    const shown = await shownAfter(
      declarative(site, {
        body: 'It is on its way – ümläut ✓',
        navigate: 'https://shop.example/orders/7',
        actions: [openTrack],
      }),
    );
    expect(shown).toMatchObject({
      title: 'Your order',
      body: 'It is on its way – ümläut ✓',
      tag: 'ntf-1',
      actions: [{ action: 'track', title: 'Track' }],
      data: { order: 7, fanfare: { navigate: 'https://shop.example/orders/7' } },
    });
  });

  it('sends the DISPLAYED receipt once the notification is shown', async () => {
    await shownAfter(declarative(site, {}, 'token-displayed'));
    expect(receipts()).toEqual([{ token: 'token-displayed', event: 'DISPLAYED' }]);
  });

  it('replaces, not stacks, when the same push comes twice', async () => {
    await shownAfter(declarative(site, { body: 'first' }));
    expect(await shownAfter(declarative(site, { body: 'second' }))).toMatchObject({ body: 'second' });
  });

  it.each([
    ['nothing', '', { body: '' }],
    ['text', 'Dinner is ready', { body: 'Dinner is ready' }],
    ['broken JSON', '{"web_push": 8030, "notif', { body: '{"web_push": 8030, "notif' }],
    ['JSON that is no object', '[1, 2]', { body: '[1, 2]' }],
    ['an empty title', '{"web_push":8030,"notification":{"title":"","body":"b"}}', { body: 'b' }],
    [
      'members of wrong types',
      '{"notification":{"title":5,"actions":"x","data":[],"body":"b"}}',
      { body: 'b' },
    ],
    [
      'renotify without tag',
      '{"notification":{"title":"T","body":"b","renotify":true}}',
      { title: 'T', body: 'b' },
    ],
    ['silent with vibrate', '{"notification":{"title":"T","silent":true,"vibrate":[9]}}', { title: 'T' }],
    ['simple JSON', '{"title":"T","body":"b"}', { title: 'T', body: 'b' }],
  ])('shows something for %s', async (_, data, expected) => {
    const shown = await shownAfter(data);
    expect(shown).toMatchObject({ title: new URL(site.origin).host, ...expected });
    // a receipt needs a token: the next message proves that none was on its way
    await worker.clear();
    await shownAfter(declarative(site, {}, 'token-after'));
    expect(receipts()).toEqual([{ token: 'token-after', event: 'DISPLAYED' }]);
  });

  it.each([
    ['the body', '', 'https://shop.example/orders/7'],
    ['an action', 'track', 'https://shop.example/track/7'],
    ['an action without a page of its own', 'later', 'https://shop.example/orders/7'],
  ])('opens the right page for a click on %s and reports it', async (_, action, url) => {
    const actions = [openTrack, { action: 'later', title: 'Later' }];
    await shownAfter(declarative(site, { navigate: 'https://shop.example/orders/7', actions }));
    expect(await worker.act('notificationclick', action)).toEqual([url]);
    await until(() => receipts().length > 1, 'the second receipt');
    expect(receipts().at(-1)).toEqual({ token: 'token-1', event: 'CLICKED' });
    expect(await worker.shown()).toEqual([]);
  });

  it('reports a dismissal', async () => {
    await shownAfter(declarative(site, {}, 'token-dismissed'));
    await worker.act('notificationclose');
    await until(() => receipts().length > 1, 'the second receipt');
    expect(receipts().at(-1)).toEqual({ token: 'token-dismissed', event: 'DISMISSED' });
  });
});
