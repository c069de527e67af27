import type { Page } from 'puppeteer-core';
import type { SimulatedUserAgent } from '../../../src/localPushService/userAgent/simulatedUserAgent';
import { describeWith } from '../../support/engines/available';
import { ConsoleVisit } from './consoleVisit';

/** As a proxy does that lets plain HTTP pass only. */
const blockWebSocket = (page: Page) =>
  page.evaluateOnNewDocument(() => {
    class BlockedWebSocket {
      onclose: ((event: object) => void) | undefined;

      constructor() {
        setTimeout(() => this.onclose?.({ code: 1006, reason: '' }), 0);
      }

      close(): void {
        this.onclose = undefined;
      }
    }
    Object.assign(globalThis, { WebSocket: BlockedWebSocket });
  });

describeWith('chromium', 'What becomes of a notification, in the console', () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, 120_000);

  afterAll(() => visit?.close());

  afterEach(() => visit.site.pushService.clearScripts());

  /** What the browser's service worker reports once it has shown what it got. */
  const report = async (agent: SimulatedUserAgent | undefined, event: 'DISPLAYED' | 'CLICKED') => {
    const { notification } = JSON.parse(agent?.received[0]?.plaintext ?? '{}');
    await visit.site.call(
      'mutation ($token: String!, $event: ReceiptEvent!) { recordReceipt(token: $token, event: $event) }',
      { token: notification.data.fanfare.receipt, event },
    );
  };
  const progress = '[aria-label="Progress"]';
  const outcomes = '[aria-label="Outcomes"]';
  const deliveries = '[aria-label="Deliveries"] tbody';

  test('receipts that come after it is complete appear by themselves', async () => {
    const [agent] = await visit.subscribe(1, 'receipts');
    const id = await visit.send({
      ...{ audience: { tags: { anyOf: ['receipts'] } }, content: { title: 'Received' } },
    });
    await visit.open(`/notifications/${id}`);
    await visit.shows('completed');
    await visit.shows(/Displayed\s+0/, progress);
    await visit.page.evaluate('globalThis.stillThere = true');
    await report(agent, 'DISPLAYED');
    await visit.shows(/Displayed\s+1/, progress);
    await visit.shows('displayed', deliveries);
    await report(agent, 'CLICKED');
    await visit.shows(/Clicked\s+1/, progress);
    await visit.shows('clicked', deliveries);
    expect(await visit.page.evaluate('globalThis.stillThere')).toBe(true);
  });

  test.each([
    ['with', {}],
    ['without', { prepare: blockWebSocket }],
  ])('outcomes appear while others are still under way, %s a WebSocket', async (how, options) => {
    const tag = `partly-${how}`;
    await visit.subscribe(2, tag);
    // late enough, both of them, to see the page before
    const sendAt = new Date(Date.now() + 6_000).toISOString();
    visit.site.pushService.script({ times: 1, delayMs: 8_000, status: 413 });
    visit.site.pushService.script({ stall: true });
    const id = await visit.send({
      ...{ audience: { tags: { anyOf: [tag] } }, content: { title: 'In part' }, sendAt },
    });
    await visit.open(`/notifications/${id}`, options);
    await visit.shows('Nothing is settled yet', outcomes);
    await visit.shows('Too large for the push service', outcomes);
    await visit.shows(/1 rejected\s+1 pending|1 pending\s+1 rejected/, '[data-testid=sum]');
    await visit.shows('sending');
    // or its second attempt would take an answer that is meant for the next test
    await visit.site.call('mutation ($id: ID!) { cancelNotification(id: $id) { id } }', { id });
  });

  test('nothing was asked of another host, and nothing broke', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
