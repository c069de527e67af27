import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { fullContent, fullContentStored } from './consoleViews';
import { ConsoleVisit } from './consoleVisit';

describeWith('chromium', 'The content of a notification in the console', () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, 120_000);

  afterAll(() => visit?.close());

  const bytes = async () => Number((await visit.text('[data-testid=payload-size]')).replace(/ of .*|,/g, ''));

  const sendButton = '.preview-side button.mantine-Button-root:not([disabled])';

  /** Sends what is written, and tells the id of the notification. */
  const send = async (title: string) => {
    await visit.page.locator(sendButton).click();
    await visit.heading(title);
    await visit.shows('Content and delivery');
    return String(new URL(visit.page.url()).pathname.split('/').at(-1));
  };

  const address = (tag: string) => async () => {
    await visit.fill('Tagged with any of', tag);
    await visit.page.keyboard.press('Enter');
    await visit.shows('reaches 1 browser', '[data-testid=audience-size]');
  };

  const writePictures = async () => {
    await visit.fill('Icon', fullContent.icon, 'textbox');
    await visit.fill('Image', fullContent.image, 'textbox');
  };

  const writeMore = async () => {
    await visit.foldMore();
    await visit.fill('Badge', fullContent.badge);
    await visit.fill('Number on the app', '3');
    await visit.fill('Tag', 'match', 'textbox');
    await visit.turn('Alerts again when it replaces');
    await visit.turn('Stays until the person acts');
    await visit.fill('Vibration', '200, 100 200');
    await visit.fill('Language', 'he', 'textbox');
    await visit.choose('[placeholder="by the texts themselves"]', 'Right to left');
    await visit.setTime('Time', fullContent.timestamp);
    await visit.fill('Data', '{ "orderId": 42 }', 'textbox');
  };

  const writeButtons = async () => {
    await visit.click('Add a button');
    await visit.fill('Button 1 title', 'Watch');
    await visit.fill('Button 1 opens', 'https://match.example/live');
    await visit.fill('Button 1 icon', 'https://match.example/watch.png');
    await visit.fill('Button 1 name', 'watch');
    await visit.click('Add a button');
    await visit.fill('Button 2 title', 'Later');
    await visit.fill('Button 2 name', 'later');
  };

  let sentId = '';

  test('is sent with every field that was written, as the push service gets it', async () => {
    const [agent] = await visit.subscribe(1, 'content');
    await visit.open('/compose');
    await address('content')();
    await visit.fill('Title', fullContent.title, 'textbox');
    await visit.fill('Body', fullContent.body, 'textbox');
    await visit.fill('Opens', fullContent.navigate, 'textbox');
    await until(async () => (await bytes()) > 100, 'a payload');
    const before = await bytes();
    await writePictures();
    await writeMore();
    await until(async () => (await bytes()) > before + 200, 'a larger payload');
    await writeButtons();
    sentId = await send(fullContent.title);
    expect(await visit.contentOf(sentId)).toEqual(fullContentStored);
    await until(() => agent?.received.length === 1, 'the message');
    const { notification } = JSON.parse(agent?.received[0]?.plaintext ?? '{}');
    expect(notification).toMatchObject({
      ...{ lang: 'he', dir: 'rtl', renotify: true, vibrate: [200, 100, 200] },
      timestamp: fullContentStored.timestamp,
    });
  });

  test('is told on the page of the notification', async () => {
    await visit.open(`/notifications/${sentId}`);
    for (const words of [
      '200, 100, 200',
      'right to left',
      'alerts again when it replaces',
      '{"orderId":42}',
    ]) {
      await visit.shows(words, '[aria-label="Content and delivery"]');
    }
  });

  test('is kept whole when a notification is used as a draft', async () => {
    await visit.subscribe(1, 'again');
    const id = await visit.send({
      ...{ audience: { tags: { anyOf: ['again'] } }, content: fullContent },
      ...{ ttl: 60, urgency: 'HIGH', topic: 'match' },
    });
    await visit.open(`/notifications/${id}`);
    await visit.click('Use as a draft');
    await visit.heading('Compose');
    await visit.shows(
      'In use: badge, number on the app, tag, alerting again, staying, vibration, language, direction, time, data',
    );
    await address('again')();
    const again = await send(fullContent.title);
    expect(again).not.toBe(id);
    expect(await visit.contentOf(again)).toEqual(fullContentStored);
    const { notification } = await visit.site.call<{ notification: object }>(
      'query ($id: ID!) { notification(id: $id) { ttl urgency topic } }',
      { id: again },
    );
    expect(notification).toEqual({ ttl: 60, urgency: 'HIGH', topic: 'match' });
  });

  test('is kept whole when it is sent again to those who failed', async () => {
    await visit.subscribe(1, 'failing');
    visit.site.pushService.script({ status: 413 });
    const id = await visit.send({ audience: { tags: { anyOf: ['failing'] } }, content: fullContent });
    await visit.open(`/notifications/${id}`);
    await visit.shows('Send again to 1 who failed');
    visit.site.pushService.clearScripts();
    await visit.click('Send again to 1 who failed');
    await visit.shows('reaches 1 browser', '[data-testid=audience-size]');
    expect(await visit.contentOf(await send(fullContent.title))).toEqual(fullContentStored);
  });

  test('is not sent while a field holds what cannot be sent, and says which', async () => {
    await visit.open('/compose');
    await visit.page.locator('text/Everyone').click();
    await visit.fill('Title', 'Faulty', 'textbox');
    await visit.page.waitForSelector(sendButton);
    await visit.foldMore();
    const faults = [
      ['Vibration', 'buzz', 'At most 32 whole numbers', '200'],
      ['Language', 'klingon!', 'This is no language', 'tlh'],
      ['Data', '[1]', 'This is not a JSON object', '{}'],
    ] as const;
    for (const [field, text, fault, mended] of faults) {
      await visit.fill(field, text, 'textbox');
      await visit.shows(fault);
      await visit.shows('Something that is marked red has to be mended first.', '.preview-side');
      expect(await visit.page.$(`.preview-side button.mantine-Button-root:not([disabled])`)).toBeNull();
      await visit.foldMore();
      await visit.shows(fault);
      await visit.foldMore();
      await visit.fill(field, mended, 'textbox');
      await visit.page.waitForSelector(sendButton);
    }
    await visit.turn('Alerts again when it replaces');
    await visit.shows('This needs a tag');
    await visit.fill('Tag', 'match', 'textbox');
    await visit.page.waitForSelector(sendButton);
    await visit.turn('Silent: no sound, no vibration');
    await visit.shows('What is silent cannot vibrate');
  });

  test('runs from right to left in the preview of Firefox, which heeds that', async () => {
    await visit.open('/compose');
    await visit.fill('Title', 'Kick-off', 'textbox');
    await visit.foldMore();
    await visit.choose('[placeholder="by the texts themselves"]', 'Right to left');
    const direction = () =>
      visit.page.$eval(
        '.preview-title',
        (title) =>
          (
            globalThis as unknown as { getComputedStyle(of: unknown): { direction: string } }
          ).getComputedStyle(title).direction,
      );
    expect(await direction()).toBe('ltr');
    await visit.shows('Without effect here: the direction.', '[data-testid=preview-note]');
    await visit.page.locator('.preview-side label ::-p-text(Firefox)').click();
    await visit.page.waitForSelector('.preview[data-platform=firefox]');
    expect(await direction()).toBe('rtl');
    expect(await visit.text('[data-testid=preview-note]')).not.toContain('Without effect');
  });

  describe('as the welcome of an application', () => {
    const welcomeOf = async (key: string) => {
      const { applications } = await visit.site.call<{ applications: { welcome: object | null }[] }>(
        '{ applications { welcome } }',
        {},
        key,
      );
      return applications[0]?.welcome;
    };

    test('is written with every field, kept, changed and taken away', async () => {
      const { key } = await visit.makeApplication('welcoming');
      await visit.open('/settings', { key });
      await visit.turn('Send a welcome');
      await visit.shows('A welcome needs a title.');
      await visit.fill('Title', fullContent.title, 'textbox');
      await visit.shows(fullContent.title, '.preview');
      await visit.fill('Body', fullContent.body, 'textbox');
      await visit.fill('Opens', fullContent.navigate, 'textbox');
      await writePictures();
      await writeButtons();
      await writeMore();
      await visit.shows(/\d+ of 3,993 bytes/, '[data-testid=payload-size]');
      await visit.saveWelcome();
      await visit.shows('Saved.');
      expect(await welcomeOf(key)).toEqual(fullContentStored);

      await visit.open('/settings', { key });
      await visit.shows('In use: badge, number on the app, tag');
      await visit.fill('Body', 'It begins soon.', 'textbox');
      await visit.saveWelcome();
      await visit.shows('Saved.');
      expect(await welcomeOf(key)).toEqual({ ...fullContentStored, body: 'It begins soon.' });

      await visit.turn('Send a welcome');
      await visit.saveWelcome();
      await until(async () => (await welcomeOf(key)) === null, 'no welcome');
    });

    test('is not stored while the server refuses it', async () => {
      const { key } = await visit.makeApplication('too much', { welcome: { title: 'Hello' } });
      await visit.open('/settings', { key });
      await visit.page.locator('::-p-aria([name="Body"][role="textbox"])').click();
      await visit.page.keyboard.sendCharacter('x'.repeat(4_000));
      await visit.shows('The payload is refused: see there.');
      await visit.shows(/4,\d+ of 3,993 bytes/, '[data-testid=payload-size]');
      expect(
        await visit.page.$(
          'section[aria-label="Welcome and verification"] button[type=submit]:not([disabled])',
        ),
      ).toBeNull();
      await visit.fill('Body', 'Short', 'textbox');
      await visit.saveWelcome();
      await visit.shows('Saved.');
      expect(await welcomeOf(key)).toEqual({ title: 'Hello', body: 'Short' });
    });
  });

  test('asks no other host, and breaks nothing', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
