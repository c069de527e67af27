import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { ConsoleVisit } from './consoleVisit';

interface Label {
  readonly text: string;
  readonly left: number;
  readonly right: number;
}

describeWith('chromium', 'The charts of the overview', () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, 120_000);

  afterAll(() => visit?.close());

  const bars = '.chart:has([aria-label="Deliveries over time"])';
  const line = '.chart:has([aria-label="Push subscriptions, day by day"])';
  const box = '.chart-box';

  const open = async (options: { width?: number; key?: string } = {}) => {
    await visit.open('/overview', options);
    await visit.page.waitForSelector(`${line} svg`);
  };

  /** How many deliveries were accepted, day by day, as the box writes it. */
  const accepted = async () => {
    const { deliveryStatistics } = await visit.site.call<{
      deliveryStatistics: { points: { accepted: number }[] };
    }>('{ deliveryStatistics(points: 14, bucket: DAY) { points { accepted } } }');
    return deliveryStatistics.points.map((point) => point.accepted.toLocaleString('en'));
  };

  const isClosed = () => until(async () => (await visit.page.$(box)) === null, 'a box that is gone');

  /** The middle of the first bar, on the screen. */
  const firstBar = async () => {
    const bar = await visit.page.waitForSelector(`${bars} rect`);
    await bar?.scrollIntoView();
    const place = await bar?.boundingBox();
    if (!place) throw new Error('there is no bar');
    return { x: place.x + place.width / 2, y: place.y + place.height / 2 };
  };

  /** What stands below a chart, from left to right, and what its table calls the points. */
  const labels = (chart: string) =>
    visit.page.evaluate(
      `({
        shown: [...document.querySelectorAll('${chart} .visx-axis-bottom .chart-label')].map((label) => {
          const { left, right } = label.getBoundingClientRect();
          return { text: label.textContent, left, right };
        }),
        points: [...document.querySelectorAll('${chart} ~ * tbody th')].map((cell) => cell.textContent),
      })`,
    ) as Promise<{ shown: Label[]; points: string[] }>;

  test('tell the numbers of the day under the pointer', async () => {
    const [first = ''] = await accepted();
    await open();
    const { x, y } = await firstBar();
    await visit.page.mouse.move(x, y);
    await visit.shows(first, box);
    await visit.page.mouse.move(x, 0);
    await isClosed();
  });

  test('tell them to a finger, until it touches something else', async () => {
    const [first = ''] = await accepted();
    await open({ width: 390 });
    const { x, y } = await firstBar();
    await visit.page.touchscreen.tap(x, y);
    await visit.shows(first, box);
    await visit.page.touchscreen.tap(5, y);
    await isClosed();
  });

  test('tell them to the keyboard, and aloud', async () => {
    const days = await accepted();
    await open();
    await visit.page.focus(`${bars} input`);
    await visit.shows(days[13] ?? '', box);
    await visit.page.keyboard.press('ArrowLeft');
    await visit.shows(days[12] ?? '', box);
    const said = await visit.page.$eval(`${bars} input`, (keys) => keys.getAttribute('aria-valuetext'));
    expect(said).toContain(`Accepted ${days[12]}`);
    await visit.page.keyboard.press('Home');
    await visit.shows(days[0] ?? '', box);
    await visit.page.keyboard.press('Escape');
    await isClosed();
  });

  test.each([390, 1280])(
    'have dates that do not touch, the newest among them, at %d pixels',
    async (width) => {
      await open({ width });
      for (const [period, bar, point] of [
        ['24 hours', 24, 7],
        ['14 days', 14, 14],
        ['90 days', 90, 90],
      ] as const) {
        await visit.turn(period);
        for (const [chart, count] of [
          [bars, bar],
          [line, point],
        ] as const) {
          const { shown, points } = await until(async () => {
            const found = await labels(chart);
            return found.points.length === count ? found : undefined;
          }, `${count} points in ${chart}`);
          expect(shown.length).toBeGreaterThan(3);
          expect(shown.at(-1)?.text).toBe(points.at(-1));
          const crowded = shown.filter(({ left }, index) => left < (shown[index - 1]?.right ?? 0) + 4);
          expect(crowded).toEqual([]);
          expect(shown.at(-1)?.right).toBeLessThan(width);
        }
      }
    },
  );

  test('count few browsers in whole numbers', async () => {
    const { createApplication } = await visit.site.call<{ createApplication: { adminKey: string } }>(
      'mutation { createApplication(input: { name: "small" }) { adminKey } }',
    );
    const key = createApplication.adminKey;
    const { vapidPublicKey } = await visit.site.call<{ vapidPublicKey: string }>(
      '{ vapidPublicKey }',
      {},
      key,
    );
    const subscription = visit.site.pushService.createUserAgent().subscribe(vapidPublicKey);
    await visit.site.call(
      'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }',
      { input: { subscription } },
      key,
    );
    await open({ key });
    const heights = await visit.page.$$eval(`${line} .visx-axis-left .chart-label`, (found) =>
      found.map((label) => label.textContent),
    );
    expect(heights).toEqual(['0', '1', '2', '3']);
  });
});
