import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { ConsoleVisit } from './consoleVisit';

interface Outcome {
  readonly pushService: string;
  readonly status: string;
  readonly reason: string;
  readonly deliveries: number;
}

const labels: Record<string, string> = {
  fcm: 'Google FCM',
  mozilla: 'Mozilla',
  apple: 'Apple',
  wns: 'Microsoft WNS',
};

describeWith('chromium', 'Deliveries of a notification in the console', () => {
  let visit: ConsoleVisit;
  let id = '';
  let outcomes: readonly Outcome[] = [];

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
    id = (await visit.broadcast()).id;
    const { notification } = await visit.site.call<{ notification: { outcomes: Outcome[] } }>(
      'query ($id: ID!) { notification(id: $id) { outcomes { pushService status reason deliveries } } }',
      { id },
    );
    outcomes = notification.outcomes;
  }, 120_000);

  afterAll(() => visit?.close());

  const open = async () => {
    await visit.open(`/notifications/${id}`);
    await visit.shows(/\d deliver(y|ies)/, deliveries);
  };
  const deliveries = '[aria-label="Deliveries"]';
  const column = (index: number) =>
    visit.page.$$eval(`${deliveries} tbody tr > :nth-child(${index})`, (cells) =>
      cells.map((cell) => String(cell.textContent)),
    );
  const sum = (wanted: Partial<Outcome>) =>
    outcomes
      .filter((each) =>
        Object.entries(wanted).every(([name, value]) => each[name as keyof Outcome] === value),
      )
      .reduce((total, each) => total + each.deliveries, 0);
  const choose = (list: string, option: string) => visit.choose(`[aria-label="${list}"]`, option);
  const counts = (count: number) => visit.shows(`${count.toLocaleString('en')} deliveries`, deliveries);
  /** The only values of a column, once the list has come. */
  const holdsOnly = (index: number, ...values: string[]) =>
    until(
      async () => String([...new Set(await column(index))].sort()) === String(values),
      `only ${values} in column ${index}`,
      20_000,
    );

  test('are listed by push service, page by page', async () => {
    await open();
    await choose('Only at this push service', 'Google FCM');
    expect(sum({ pushService: 'fcm' })).toBeGreaterThan(20);
    await holdsOnly(2, 'Google FCM');
    const first = await column(1);
    await visit.click('Next');
    await visit.shows('Page 2', deliveries);
    await holdsOnly(2, 'Google FCM');
    await until(async () => String(await column(1)) !== String(first), 'other deliveries', 20_000);
    await choose('Only at this push service', 'Mozilla');
    await holdsOnly(2, 'Mozilla');
    expect(await visit.text(deliveries)).not.toContain('Page 2');
    await visit.click('Show all');
    await counts(sum({}));
  });

  test('are listed by outcome, of the status and push service that were chosen too', async () => {
    await open();
    const expired = outcomes.find((each) => each.status === 'EXPIRED');
    if (!expired) throw new Error('nothing has expired');
    await choose('Only with this outcome', 'Its time ran out before a push service took it');
    await holdsOnly(3, 'expired');
    await choose('Only at this push service', labels[expired.pushService] ?? expired.pushService);
    await holdsOnly(2, labels[expired.pushService] ?? expired.pushService);
    await holdsOnly(3, 'expired');
    await choose('Only with this status', 'accepted');
    await visit.shows('None fits this filter.', deliveries);
  });

  test('are shown behind a number in the table of outcomes', async () => {
    await open();
    const chosen = outcomes.find((each) => each.status === 'EXPIRED');
    if (!chosen) throw new Error('nothing has expired');
    const label = labels[chosen.pushService] ?? chosen.pushService;
    const start = `Show ${chosen.deliveries} expired, ${label}`;
    await visit.page.locator(`button[aria-label^="${start}"]`).click();
    await holdsOnly(2, label);
    await holdsOnly(3, 'expired');
  });

  describe('and somebody in particular', () => {
    const why = '[aria-label="Did it reach somebody?"]';
    const ask = async (userId: string) => {
      await visit.page.locator(`${why} input`).fill(userId);
      await visit.click('Explain');
    };
    const receiverOf = async (status: string) => {
      const { notification } = await visit.site.call<{
        notification: { deliveries: { edges: { node: { subscription: { userId: string | null } } }[] } };
      }>(
        `query ($id: ID!, $status: DeliveryStatus) {
          notification(id: $id) { deliveries(first: 100, status: $status) { edges { node { subscription { userId } } } } }
        }`,
        { id, status },
      );
      const found = notification.deliveries.edges.find(({ node }) => node.subscription.userId !== null);
      return found?.node.subscription.userId ?? '';
    };

    test('are explained for each browser, failed ones and those that nothing was sent to too', async () => {
      await open();
      await ask(await receiverOf('EXPIRED'));
      await visit.shows('Its time ran out before the push service took it.', why);
      await ask('nobody-of-this-name');
      await visit.shows('No browser was ever registered for this user id.', why);
    });

    test('lead to the person', async () => {
      const userId = await receiverOf('ACCEPTED');
      await ask(userId);
      await visit.page.locator(`${why} a`).click();
      await visit.shows(userId, 'h1');
    });
  });

  test('nothing was asked of another host, and nothing broke', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
