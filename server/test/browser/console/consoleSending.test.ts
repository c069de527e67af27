import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { ConsoleVisit } from './consoleVisit';

interface Sent {
  readonly id: string;
  readonly status: string;
  readonly sendAt: string | null;
  readonly content: { readonly title: string };
  readonly progress: { readonly targeted: number };
}

describeWith('chromium', 'Sending from the console', () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, 120_000);

  afterAll(() => visit?.close());

  /** What was sent under this title. */
  const sent = async (title: string, key?: string) => {
    const { notifications } = await visit.site.call<{ notifications: { edges: { node: Sent }[] } }>(
      '{ notifications(first: 20) { edges { node { id status sendAt content progress { targeted } } } } }',
      {},
      key,
    );
    return notifications.edges.map(({ node }) => node).filter(({ content }) => content.title === title);
  };
  const size = '[data-testid=audience-size]';
  const sendButton = '.preview-side button.mantine-Button-root';
  const canSend = (words: string) =>
    visit.page.waitForSelector(`${sendButton}:not([disabled]) ::-p-text(${words})`);
  const pressSend = () => visit.page.locator(sendButton).click();
  const address = async (tag: string) => {
    await visit.fill('Tagged with any of', tag);
    await visit.page.keyboard.press('Enter');
  };

  test('goes to nobody who was not counted', async () => {
    await visit.subscribe(1, 'first');
    await visit.subscribe(2, 'further');
    await visit.open('/compose');
    await visit.fill('Title', 'Counted', 'textbox');
    await address('first');
    await canSend('Send to 1 browser');
    await visit.fill('Tagged with any of', 'further');
    // the field takes the tag as its own when it is left
    await pressSend();
    await visit.shows('reaches 3 browsers', size);
    expect(await sent('Counted')).toEqual([]);
    await canSend('Send to 3 browsers');
    await pressSend();
    await visit.heading('Counted');
    await visit.shows('= 3 targeted', '[data-testid=sum]');
  });

  test('waits for the count, and says so', async () => {
    await visit.open('/compose');
    await visit.fill('Title', 'Waiting', 'textbox');
    await address('first');
    await canSend('Send to 1 browser');
    const answers: (() => void)[] = [];
    await visit.page.setRequestInterception(true);
    visit.page.on('request', (request) => {
      if (request.postData()?.includes('audienceSize')) answers.push(() => void request.continue());
      else void request.continue();
    });
    await address('further');
    await visit.shows('counting …', size);
    await visit.shows('It is sent once its audience is counted.', '.preview-side');
    expect(await visit.page.$(`${sendButton}:not([disabled]) ::-p-text(Send to)`)).toBeNull();
    await until(() => answers.length > 0, 'the question how many there are');
    for (const answer of answers) answer();
    await canSend('Send to 3 browsers');
  });

  test('asks before it sends to a thousand browsers or more, however they are named', async () => {
    await visit.open('/compose');
    await visit.fill('Title', 'So many', 'textbox');
    await visit.fill('but with none of', 'nobody has this tag');
    await visit.page.keyboard.press('Enter');
    await visit.shows(/reaches 1,\d+ browsers/, size);
    await canSend('Send to 1,');
    await pressSend();
    await visit.shows('Send to so many?');
    await visit.shows(/“So many” goes to 1,\d+ browsers now/);
    await visit.notNow();
    expect(await sent('So many')).toEqual([]);
  });

  test('reaches everyone after the question', async () => {
    const { key } = await visit.makeApplication('small');
    await visit.subscribe(3, 'small', key);
    await visit.open('/compose', { key });
    await visit.fill('Title', 'To all', 'textbox');
    await visit.page.locator('text/Everyone').click();
    await canSend('Send to 3 browsers');
    await pressSend();
    await visit.shows('Send to everyone?');
    expect(await sent('To all', key)).toEqual([]);
    await visit.click('Send to 3');
    await visit.heading('To all');
    await visit.shows('3 accepted', '[data-testid=sum]');
    expect(await sent('To all', key)).toMatchObject([{ progress: { targeted: 3 } }]);
  });

  test('waits for its time when it has one', async () => {
    const at = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 3_600_000).toISOString();
    await visit.open('/compose');
    await visit.fill('Title', 'In an hour', 'textbox');
    await address('first');
    await visit.setTime('Send at', at);
    await canSend('Schedule to 1 browser');
    await pressSend();
    await visit.heading('In an hour');
    await visit.shows('scheduled');
    expect(await sent('In an hour')).toMatchObject([{ status: 'SCHEDULED', sendAt: at }]);
    await visit.click('Cancel');
    await visit.shows('It has not begun, so nobody gets it.');
    await visit.answer('Cancel it');
    await visit.shows('cancelled');
  });

  test('says why a payload cannot be sent', async () => {
    await visit.open('/compose');
    await visit.fill('Title', 'Too large', 'textbox');
    await address('first');
    await canSend('Send to 1 browser');
    await visit.page.locator('::-p-aria([name="Body"][role="textbox"])').click();
    await visit.page.keyboard.sendCharacter('x'.repeat(4_000));
    await visit.shows('The payload is larger than push services take.', '.preview-side');
  });

  describe('a draft', () => {
    const title = () =>
      visit.page.$eval('::-p-aria([name="Title"][role="textbox"])', (input) =>
        String(Reflect.get(input, 'value')),
      );
    const begin = async (words: string, options: object = {}) => {
      await visit.open('/compose', options);
      await visit.fill('Title', words, 'textbox');
      await address('first');
      await visit.shows('reaches 1 browser', size);
    };

    test('stays while other pages are looked at, and over a reload', async () => {
      await begin('Half written');
      await visit.click('Notifications', 'link');
      await visit.heading('Notifications');
      await visit.click('Compose', 'link');
      await visit.heading('Compose');
      expect(await title()).toBe('Half written');
      await visit.shows('reaches 1 browser', size);
      await visit.page.reload();
      await visit.shows('reaches 1 browser', size);
      expect(await title()).toBe('Half written');
    });

    test('is gone once it is sent', async () => {
      await begin('Sent for good');
      await canSend('Send to 1 browser');
      await pressSend();
      await visit.heading('Sent for good');
      await visit.click('Compose', 'link');
      await visit.heading('Compose');
      expect(await title()).toBe('');
    });

    test('is thrown away after a question only', async () => {
      await begin('Thrown away');
      await visit.click('Clear');
      await visit.notNow();
      expect(await title()).toBe('Thrown away');
      await visit.click('Clear');
      await visit.answer('Throw it away');
      expect(await title()).toBe('');
      await visit.shows('nobody yet', size);
      expect(await visit.page.$('::-p-aria([name="Clear"][role="button"])')).toBeNull();
    });

    test('that another page brought keeps what was changed since', async () => {
      const id = await visit.send({
        ...{ audience: { tags: { anyOf: ['first'] } }, content: { title: 'Brought' } },
      });
      await begin('Written before');
      await visit.page.goto(`${visit.site.origin}/console/notifications/${id}`);
      await visit.click('Use as a draft');
      await visit.heading('Compose');
      expect(await title()).toBe('Brought');
      await visit.fill('Title', 'Changed', 'textbox');
      await visit.click('People and devices', 'link');
      await visit.heading('People and devices');
      await visit.page.goBack();
      await visit.heading('Compose');
      expect(await title()).toBe('Changed');
    });

    test('is not left to whoever signs in next', async () => {
      await begin('Private');
      await visit.click('Sign out');
      await visit.fill('Secret key', visit.site.adminKey);
      await visit.click('Sign in');
      await visit.heading('Compose');
      expect(await title()).toBe('');
    });

    test('that an older version kept is left alone', async () => {
      const old = { applicationId: 'any', draft: { title: 'Old' }, idempotencyKey: '1', place: '' };
      await begin('Present');
      await visit.page.evaluate((text) => {
        const { sessionStorage } = globalThis as unknown as { sessionStorage: Record<string, string> };
        const kept = JSON.parse(sessionStorage['fanfare.console.draft'] ?? '{}');
        sessionStorage['fanfare.console.draft'] = JSON.stringify({
          ...JSON.parse(text),
          applicationId: kept.applicationId,
        });
      }, JSON.stringify(old));
      await visit.page.reload();
      await visit.heading('Compose');
      expect(await title()).toBe('');
    });
  });

  test('nothing was asked of another host, and nothing broke', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
