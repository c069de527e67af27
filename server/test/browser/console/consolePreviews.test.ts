import { readFileSync } from 'node:fs';
import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { ConsoleVisit } from './consoleVisit';

const platforms = ['Windows', 'macOS', 'Android', 'Firefox', 'iOS'] as const;

describeWith('chromium', 'The previews of Compose in Chromium', () => {
  let visit: ConsoleVisit;
  const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, 120_000);

  afterAll(() => visit?.close());

  const count = async (selector: string) => (await visit.page.$$(selector)).length;

  const fillAll = async () => {
    await visit.fill('Title', '<i>Kick-off</i>', 'textbox');
    await visit.page.locator('::-p-aria([name="Body"][role="textbox"])').click();
    await visit.page.keyboard.sendCharacter('It begins. '.repeat(40));
    await visit.fill('Icon', `${visit.site.origin}/console/icon.svg`);
    await visit.fill('Image', 'http://pictures.example/pitch.jpg');
    await visit.click('Add a button');
    await visit.fill('Button 1 title', 'Watch');
    await visit.foldMore();
    await visit.fill('Badge', `${visit.site.origin}/console/icon.svg`);
    await visit.fill('Number on the app', '3');
  };

  const pick = async (name: string) => {
    await visit.page.locator(`.preview-side label ::-p-text(${name})`).click();
    await visit.page.waitForSelector(`.preview[aria-label*="${name === 'iOS' ? 'iPhone' : name}"]`);
  };

  const seriousFaults = async () => {
    await visit.page.evaluate(axe);
    return visit.page.evaluate(
      "axe.run('.preview-side', { resultTypes: ['violations'] }).then(({ violations }) => violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).map(({ id, nodes }) => id + ': ' + nodes[0].html))",
    );
  };

  test.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)(
    'each of the five draws what it shows, in %s colours at %d pixels',
    async (scheme, width) => {
      await visit.open('/compose', { scheme, width });
      await visit.heading('Compose');
      await fillAll();
      await visit.page.waitForSelector('.preview .preview-placeholder');
      const seen: Record<string, unknown> = {};
      for (const name of platforms) {
        await pick(name);
        seen[name] = {
          icon: await count('.preview .preview-icon'),
          image: await count('.preview .preview-image'),
          badge: await count('.preview .preview-badge-picture'),
          actions: await count('.preview .preview-actions > span'),
          app: await count('.preview-installed'),
        };
        expect(await visit.text('.preview-title')).toBe('<i>Kick-off</i>');
        expect(
          await visit.page.$eval('.preview-body', (body) => {
            const { scrollHeight, clientHeight } = body as unknown as Record<string, number>;
            return Number(scrollHeight) > Number(clientHeight);
          }),
        ).toBe(true);
        expect(await seriousFaults()).toEqual([]);
      }
      expect(seen).toEqual({
        Windows: { icon: 1, image: 1, badge: 0, actions: 1, app: 1 },
        macOS: { icon: 1, image: 0, badge: 0, actions: 1, app: 1 },
        Android: { icon: 1, image: 1, badge: 1, actions: 1, app: 0 },
        Firefox: { icon: 1, image: 0, badge: 0, actions: 1, app: 0 },
        iOS: { icon: 0, image: 0, badge: 0, actions: 0, app: 1 },
      });
      await visit.shows('Without effect here: the icon, the image, buttons, the badge.');
    },
    120_000,
  );

  test('Android folds its notification, and opens it again', async () => {
    await visit.open('/compose');
    await fillAll();
    await pick('Android');
    await visit.page.waitForSelector('.preview .preview-image');
    await visit.click('Fold the notification');
    await until(async () => (await count('.preview .preview-image')) === 0, 'a folded notification');
    expect(await count('.preview .preview-actions')).toBe(0);
    await visit.click('Open the notification');
    await visit.page.waitForSelector('.preview .preview-image');
  });

  test('a badge and a number for the app are sent', async () => {
    await visit.subscribe(1, 'badged');
    await visit.open('/compose');
    await visit.fill('Tagged with any of', 'badged');
    await visit.page.keyboard.press('Enter');
    await visit.shows('reaches 1 browser', '[data-testid=audience-size]');
    await visit.fill('Title', 'Badged', 'textbox');
    await visit.foldMore();
    await visit.fill('Badge', 'https://match.example/badge.png');
    await visit.fill('Number on the app', '0');
    await visit.page.locator('.preview-side button.mantine-Button-root:not([disabled])').click();
    await visit.heading('Badged');
    const id = new URL(visit.page.url()).pathname.split('/').at(-1);
    const { notification } = await visit.site.call<{ notification: { content: object } }>(
      'query ($id: ID!) { notification(id: $id) { content } }',
      { id },
    );
    expect(notification.content).toMatchObject({ badge: 'https://match.example/badge.png', appBadge: 0 });
  });

  test('nothing was asked of another host', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
