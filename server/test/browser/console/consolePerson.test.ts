import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { ConsoleVisit } from './consoleVisit';

describeWith('chromium', 'A person in the console', () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, 120_000);

  afterAll(() => visit?.close());

  const device = 'section[aria-label^="Browser at"]';

  /** Lets pages save files into the folder. */
  const allowDownloads = async (downloadPath: string) => {
    const session = await visit.page.createCDPSession();
    const { browserContextId } = (await session.send('Target.getTargetInfo')).targetInfo;
    await session.send('Browser.setDownloadBehavior', {
      behavior: 'allow',
      downloadPath,
      ...(browserContextId && { browserContextId }),
    });
  };

  test('is handed out as a file with all that is kept', async () => {
    await visit.subscribe(1, 'export');
    const folder = mkdtempSync(join(tmpdir(), 'fanfare-export-'));
    try {
      await visit.open('/people/export-0');
      await visit.heading('export-0');
      await allowDownloads(folder);
      await visit.click('Export');
      await until(() => readdirSync(folder).includes('export-0.json'), 'the file');
      const saved = JSON.parse(readFileSync(join(folder, 'export-0.json'), 'utf8'));
      const { exportPerson } = await visit.site.call<{ exportPerson: object }>(
        '{ exportPerson(userId: "export-0") }',
      );
      expect(Object.keys(saved)).toEqual(Object.keys(exportPerson));
      expect(JSON.stringify(saved)).toContain('export-0');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('is forgotten after a question', async () => {
    const exists = async () =>
      (await visit.site.call<{ person: object | null }>('{ person(userId: "forget-0") { userId } }'))
        .person !== null;
    await visit.subscribe(1, 'forget');
    await visit.open('/people/forget-0');
    await visit.heading('forget-0');
    await visit.click('Forget');
    await visit.shows('Forget forget-0?');
    await visit.notNow();
    expect(await exists()).toBe(true);
    await visit.click('Forget');
    await visit.click('Forget this person');
    await visit.heading('People and devices');
    expect(await exists()).toBe(false);
  });

  test('is nobody’s to export or forget without the scope admin', async () => {
    await visit.subscribe(1, 'kept');
    await visit.open('/people/kept-0', {
      key: await visit.newKey('subscriptions:read', 'notifications:send'),
    });
    await visit.shows('Send a notification');
    expect(await visit.text()).not.toMatch(/Export|Forget/);
  });

  test('is not said to be unreached by a key that may not see what was sent', async () => {
    await visit.subscribe(1, 'unseen');
    await visit.open('/people/unseen-0');
    await visit.shows(/Last displayed\s+not as far back as is kept/, device);
    await visit.open('/people/unseen-0', { key: await visit.newKey('subscriptions:read') });
    await visit.shows('Last seen', device);
    expect(await visit.text(device)).not.toMatch(/Last (accepted|displayed|clicked)/);
  });

  test('has a history that goes back page by page to its beginning', async () => {
    const [agent] = await visit.subscribe(1, 'history');
    for (let each = 1; each <= 105; each += 1) {
      await visit.send({ audience: { userIds: ['history-0'] }, content: { title: `No. ${each} of many` } });
    }
    const rows = () => visit.page.$$eval('[aria-label="History"] tbody tr', (found) => found.length);
    const first = await until(
      () =>
        agent?.received
          .map(({ plaintext }) => JSON.parse(plaintext ?? '{}').notification)
          .find(({ title }) => title === 'No. 1 of many'),
      'the first message',
    );
    await visit.site.call('mutation ($token: String!) { recordReceipt(token: $token, event: DISPLAYED) }', {
      token: first.data.fanfare.receipt,
    });
    await visit.open('/people/history-0');
    await visit.shows('100 deliveries, and older ones');
    await visit.shows(/Last displayed\s+not among the latest 100 deliveries/, device);
    expect(await rows()).toBe(100);
    expect(await visit.text()).not.toContain('No. 1 of many');
    await visit.click('Show more');
    await visit.shows('105 deliveries, as far back as notifications are kept');
    await visit.shows('No. 1 of many');
    await visit.shows(/Last displayed\s+.*(ago|now)/, device);
    expect(await rows()).toBe(105);
    expect(await visit.page.$('::-p-aria([name="Show more"][role="button"])')).toBeNull();
  });

  test('nothing was asked of another host, and nothing broke', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
