/** From Compose to a click: the console in a real Firefox, which sends a test to itself. */
import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { firefoxPath } from '../support/browserPaths';
import { MarionetteFirefox } from '../support/marionetteFirefox';
import { type ConsoleServer, startConsoleServer } from './consoleServer';

const timeoutMs = 120_000;

describeWith('firefox', 'The console in Firefox', () => {
  let server: ConsoleServer;
  let firefox: MarionetteFirefox;

  beforeAll(async () => {
    server = await startConsoleServer();
    firefox = await MarionetteFirefox.start(firefoxPath, server.pushService.webSocketUrl);
  }, timeoutMs);

  afterAll(async () => {
    await firefox?.stop();
    await server?.close();
  });

  const progress = async () => {
    type Answer = { notifications: { edges: { node: { content: { title: string }; progress: object } }[] } };
    const { notifications } = await server.call<Answer>(
      '{ notifications(first: 1) { edges { node { content progress { targeted accepted displayed clicked } } } } }',
    );
    return notifications.edges[0]?.node;
  };

  const click = (name: string) =>
    firefox.evaluate(`
      const button = [...document.querySelectorAll('button')].find((each) => each.textContent === ${JSON.stringify(name)});
      if (!button || button.disabled) return false;
      button.click();
      return true;`);

  test(
    'sends a test from Compose to this browser, which shows it, and a click is counted',
    async () => {
      await until(() => server.pushService.stats().userAgents > 0, 'the hello of Firefox', 30_000);
      await firefox.open(`${server.serverUrl}/console/compose`);
      await firefox.waitFor('input[type=password]');
      await firefox.fill('input[type=password]', server.adminKey);
      await until(() => click('Sign in'), 'a button that signs in');
      await firefox.waitFor('.preview');
      await firefox.fill('input[placeholder="What it is about"]', 'Hear, hear!');
      await until(() => click('Send a test to this browser'), 'a button that sends a test', 30_000);
      await until(
        async () => (await firefox.alerts()).some(({ title }) => title === 'Hear, hear!'),
        'the notification on the screen',
        60_000,
      );
      await firefox.clickAlert('Hear, hear!');
      const counts = { targeted: 1, accepted: 1, displayed: 1, clicked: 1 };
      await until(
        async () => JSON.stringify((await progress())?.progress) === JSON.stringify(counts),
        'one notification that was clicked',
        30_000,
      );
      expect((await progress())?.content.title).toBe('Hear, hear!');
    },
    timeoutMs,
  );
});
