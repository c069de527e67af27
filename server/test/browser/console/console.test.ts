import { gzipSync } from 'node:zlib';
import type { Page } from 'puppeteer-core';
import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { chromiumPath } from '../support/browserPaths';
import { type ConsoleSite, startConsoleSite } from './consoleSite';

describeWith('chromium', 'The console in Chromium', () => {
  let site: ConsoleSite;
  let page: Page;

  beforeAll(async () => {
    site = await startConsoleSite(chromiumPath);
  }, 120_000);

  afterAll(() => site?.close());

  afterEach(async () => {
    if (!page?.isClosed()) await page?.browserContext().close();
  });

  const text = (selector = 'body') =>
    page.$eval(selector, (element) => String((element as unknown as { innerText: string }).innerText));
  const shows = (words: string | RegExp, selector = 'body') =>
    until(
      async () => {
        const shown = await text(selector).catch(() => '');
        return typeof words === 'string' ? shown.includes(words) : words.test(shown);
      },
      `${words} in ${selector}`,
      20_000,
    );
  const click = (name: string, role = 'button') =>
    page.locator(`::-p-aria([name="${name}"][role="${role}"])`).click();
  const fill = (name: string, value: string, role?: string) =>
    page.locator(`::-p-aria([name="${name}"]${role ? `[role="${role}"]` : ''})`).fill(value);
  const heading = (words: string) => shows(words, 'h1');

  const subscribe = async (count: number, tag: string) => {
    const { vapidPublicKey } = await site.call<{ vapidPublicKey: string }>('{ vapidPublicKey }');
    for (let each = 0; each < count; each += 1) {
      const subscription = site.pushService.createUserAgent().subscribe(vapidPublicKey);
      await site.call('mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }', {
        input: { subscription, userId: `${tag}-${each}`, tags: [tag] },
      });
    }
  };

  const newKey = async (...scopes: string[]) => {
    const answer = await site.call<{ createApiKey: { secret: string } }>(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
      { input: { name: `test ${scopes}`, kind: 'SECRET', scopes } },
    );
    return answer.createApiKey.secret;
  };

  const broadcast = async () => {
    type Answer = { notifications: { edges: { node: { id: string; progress: Record<string, number> } }[] } };
    const { notifications } = await site.call<Answer>(
      '{ notifications(first: 100, status: COMPLETED) { edges { node { id progress { targeted accepted rejected expired exhausted } } } } }',
    );
    const found = notifications.edges.find(
      ({ node }) => Number(node.progress.targeted) > 200 && Number(node.progress.expired) > 0,
    );
    if (!found) throw new Error('the seed has no such broadcast');
    return found.node;
  };

  describe('signing in', () => {
    test('refuses a key that the server does not know, and says so', async () => {
      page = await site.open('/', { key: '' });
      await fill('Secret key', 'fs_nobody_has_this_key_000000000000');
      await click('Sign in');
      await shows('does not know this key');
    });

    test('opens the overview with a valid key, and lets go of it', async () => {
      page = await site.open('/', { key: '' });
      await fill('Secret key', site.adminKey);
      await click('Sign in');
      await heading('Overview');
      await click('Sign out');
      await shows('Sign in with a secret key');
      expect(await page.evaluate("sessionStorage.getItem('fanfare.key')")).toBeNull();
    });

    test('offers only what the key may do', async () => {
      page = await site.open('/', { key: await newKey('notifications:read') });
      await heading('Overview');
      const links = await page.$$eval('nav a', (found) => found.map((link) => link.textContent));
      expect(links).toEqual(['Overview', 'Notifications', 'Playground']);
      await page.goto(`${site.origin}/console/keys`);
      await shows('There is no such page');
    });
  });

  test('the overview tells what the API counts', async () => {
    const { subscriptionStatistics } = await site.call<{ subscriptionStatistics: { live: number } }>(
      '{ subscriptionStatistics(days: 14) { live } }',
    );
    page = await site.open('/overview');
    await shows(subscriptionStatistics.live.toLocaleString('en'));
    for (const words of ['Google FCM', 'Why some did not get through', 'Queues', 'transactional'])
      await shows(words);
    await page.waitForSelector('.chart rect');
    await page.locator('label ::-p-text(24 hours)').click();
    await shows('The last 24 hours');
  });

  describe('composing', () => {
    const sendable = () =>
      page.$eval(
        '.preview-side button.mantine-Button-root',
        (button) => !(button as unknown as { disabled: boolean }).disabled,
      );

    test('counts browsers and bytes while one types, and refuses what is too large', async () => {
      page = await site.open('/compose');
      await heading('Compose');
      await fill('Tagged with any of', 'sport');
      await page.keyboard.press('Enter');
      await shows(/reaches \d+ browsers/, '[data-testid=audience-size]');
      await fill('Title', 'Grüße');
      await shows(/\d+ of 3,993 bytes/, '[data-testid=payload-size]');
      await until(sendable, 'a button that sends');
      await page.locator('::-p-aria([name="Body"][role="textbox"])').click();
      await page.keyboard.sendCharacter('x'.repeat(4_000));
      await shows(/4,\d+ of 3,993 bytes/, '[data-testid=payload-size]');
      await until(async () => !(await sendable()), 'a button that does not send');
    });

    test('asks before it sends to everyone', async () => {
      page = await site.open('/compose');
      await fill('Title', 'To all');
      await page.locator('text/Everyone').click();
      await until(sendable, 'a button that sends');
      await page.locator('.preview-side button.mantine-Button-root').click();
      await shows('Send to everyone?');
      await click('Not now');
      type Answer = { notifications: { edges: { node: { content: { title: string } } }[] } };
      const { notifications } = await site.call<Answer>(
        '{ notifications(first: 1) { edges { node { content } } } }',
      );
      expect(notifications.edges[0]?.node.content.title).not.toBe('To all');
    });

    test('sends, and shows live how it gets there until the sum is right', async () => {
      await subscribe(5, 'live');
      page = await site.open('/compose');
      await fill('Tagged with any of', 'live');
      await page.keyboard.press('Enter');
      await shows('reaches 5 browsers', '[data-testid=audience-size]');
      await fill('Title', 'Kick-off');
      await until(sendable, 'a button that sends');
      await page.locator('.preview-side button.mantine-Button-root').click();
      await heading('Kick-off');
      await shows('5 accepted', '[data-testid=sum]');
      await shows('= 5 targeted', '[data-testid=sum]');
      await shows('completed');
      await shows('live-0');
    });
  });

  describe('a notification', () => {
    test('shows its funnel, why some failed, and its deliveries by status', async () => {
      const { id, progress } = await broadcast();
      page = await site.open(`/notifications/${id}`);
      await shows(`${progress.accepted} accepted`, '[data-testid=sum]');
      await shows(`= ${progress.targeted} targeted`, '[data-testid=sum]');
      await shows('Its time ran out before a push service took it');
      await page.locator('input[placeholder="every status"]').click();
      await click('expired', 'option');
      await shows(new RegExp(`^${progress.expired} deliver(y|ies)$`, 'm'));
    });

    test('is sent again to those who failed', async () => {
      const { id } = await broadcast();
      page = await site.open(`/notifications/${id}`);
      await shows('who failed');
      await page.locator('text/who failed').click();
      await heading('Compose');
      await shows(/reaches \d+ browsers?/, '[data-testid=audience-size]');
      await shows(id);
    });

    test('that waits for its time is cancelled after a question', async () => {
      await subscribe(1, 'later');
      const sent = await site.call<{ sendNotification: { notification: { id: string } } }>(
        'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } } }',
        {
          input: {
            audience: { tags: { anyOf: ['later'] } },
            content: { title: 'Later' },
            sendAt: new Date(Date.now() + 3_600_000).toISOString(),
          },
        },
      );
      page = await site.open(`/notifications/${sent.sendNotification.notification.id}`);
      await shows('scheduled');
      await click('Cancel');
      await click('Cancel it');
      await shows('cancelled');
    });

    test('that is not there is said to be so', async () => {
      page = await site.open('/notifications/ntf_nothing');
      await shows('There is no such notification');
    });

    test('is found in the list', async () => {
      page = await site.open('/notifications');
      await shows('The big sale starts');
      await click('Next');
      await shows('Page 2');
    });
  });

  test('a person is found, and a browser of theirs retired', async () => {
    await subscribe(1, 'person');
    page = await site.open('/people');
    await fill('User id', 'person-0');
    await click('Find');
    await heading('person-0');
    await shows('Last displayed');
    await click('Retire');
    await click('Retire it');
    await shows('an operator retired it');
  });

  test('a key is made, shown once, and revoked', async () => {
    page = await site.open('/keys');
    await click('Create a key');
    await fill('Name', 'partner of the test', 'textbox');
    await click('Create');
    await page.waitForSelector('[data-testid=secret]');
    const secret = await text('[data-testid=secret]');
    expect(await site.call('{ viewer { name } }', {}, secret)).toEqual({
      viewer: { name: 'partner of the test' },
    });
    await click('Done');
    await shows('partner of the test');
    expect(await page.content()).not.toContain(secret);
    await shows('createApiKey');
    await click('Revoke partner of the test');
    await click('Revoke it');
    await until(
      () =>
        site.call('{ viewer { name } }', {}, secret).then(
          () => false,
          () => true,
        ),
      'a key that is refused',
    );
  });

  test('the playground is signed in with the same key', async () => {
    page = await site.open('/playground');
    const frame = await page.waitForFrame((candidate) => candidate.url().includes('/playground/'));
    await frame.waitForSelector('#key');
    expect(await frame.$eval('#key', (input) => (input as unknown as { value: string }).value)).toBe(
      site.adminKey,
    );
    await frame.waitForSelector('.graphiql-container');
    await click('Use dark colours');
    await frame.waitForSelector('body.graphiql-dark');
    await click('Use light colours');
    await frame.waitForSelector('body.graphiql-light');
  });

  test('an API that cannot be reached is said to be so, with a way to ask again', async () => {
    page = await site.open('/people');
    await shows('Browsers that can be reached');
    await page.setOfflineMode(true);
    await fill('Only with this tag', 'sport');
    await shows('This could not be loaded');
    await page.setOfflineMode(false);
    await click('Try again');
    await shows('sport', 'tbody');
    site.faults.splice(
      0,
      site.faults.length,
      ...site.faults.filter((fault) => !fault.includes('ERR_INTERNET_DISCONNECTED')),
    );
  });

  test('the keyboard goes straight to the page', async () => {
    page = await site.open('/notifications');
    await heading('Notifications');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the page');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });

  test('the first load stays below 250 kB', async () => {
    page = await site.open('/playground');
    const files = new Set<string>();
    page.on('response', (response) => files.add(response.url()));
    await page.goto(`${site.origin}/console/overview`);
    await page.waitForSelector('.chart rect');
    let bytes = 0;
    for (const url of [...files].filter((each) => each.includes('/console/'))) {
      bytes += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length;
    }
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(250_000);
  });

  test('nothing was asked of another host, and nothing broke', () => {
    expect(site.faults).toEqual([]);
  });
});
