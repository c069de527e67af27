/** The whole loop with a real browser: page, API, queue, worker, push service, service worker, a person's click, status. */
import { maxPayloadBytes } from '../../src/model/pushPayload';
import { describeWith } from '../support/engines/available';
import { describeEachEngine } from '../support/engines/describeEachEngine';
import type { NotificationView, Progress, Stage } from '../support/engines/stage';
import { until } from '../support/until';
import { firefoxPath } from './support/browserPaths';
import { MarionetteFirefox } from './support/marionetteFirefox';

const timeoutMs = 120_000;
/** RFC 8188 header with a P-256 key, RFC 8188 delimiter, AES-GCM tag. */
const encryptionBytes = 86 + 1 + 16;

/** A visitor of the demo page, in a Firefox of their own. */
interface Visitor {
  readonly firefox: MarionetteFirefox;
  readonly userId: string;
  /** Sends to this visitor; the notification waits on the screen until somebody acts. */
  send(content: { title: string; body?: string; tag?: string; navigate?: string }): Promise<string>;
}

async function withVisitor(
  stage: Stage,
  userId: string,
  visit: (visitor: Visitor) => Promise<void>,
): Promise<void> {
  const before = stage.pushService.stats().userAgents;
  const firefox = await MarionetteFirefox.start(firefoxPath, stage.pushService.webSocketUrl);
  try {
    // a subscribe before Firefox has said hello never settles
    await until(() => stage.pushService.stats().userAgents > before, 'the hello of Firefox', 30_000);
    await firefox.open(demoAddress(stage));
    await firefox.waitFor('#user');
    await firefox.fill('#user', userId);
    await firefox.click('#subscribe');
    await firefox.waitFor('#state[data-state=subscribed]');
    const send: Visitor['send'] = (content) =>
      stage.send({ audience: { userIds: [userId] }, content: { ...content, requireInteraction: true } });
    await visit({ firefox, userId, send });
  } finally {
    await firefox.stop();
  }
}

/** As the start prints it, for people to open. */
function demoAddress(stage: Stage): string {
  const address = /Demo\s+(http:\/\/localhost:\S+)/.exec(stage.installation.api.output)?.[1];
  if (!address) throw new Error('The start showed no demo address.');
  return address;
}

/** Looks until the notification's progress has at least these counts. */
async function reached(stage: Stage, id: string, counts: Partial<Progress>): Promise<NotificationView> {
  let last: NotificationView | undefined;
  const wanted = Object.entries(counts) as [keyof Progress, number][];
  const has = async () => {
    const seen = await stage.look(id);
    last = seen;
    return wanted.every(([name, count]) => seen.progress[name] >= count) ? seen : undefined;
  };
  try {
    return await until(has, `${JSON.stringify(counts)} of ${id}`, 30_000);
  } catch (error) {
    if (error instanceof Error) error.message += `\nIt stands at ${JSON.stringify(last)}`;
    throw error;
  }
}

const deliveryOf = (notification: NotificationView) => notification.deliveries.edges[0]?.node;

describeWith('firefox', 'The whole loop in Firefox', () => {
  describeEachEngine('with a visitor', (scenario) => {
    scenario(
      'shows the exact text, and the status tells accepted and displayed',
      (stage) =>
        withVisitor(stage, 'ada', async ({ firefox, send }) => {
          const text = {
            title: 'Grüße 👋🏽 aus 東京',
            body: 'שלום "quoted" \\ \u2028 <b>&amp;</b> 𝔘𝔫𝔦',
            tag: 'order-17',
          };
          const id = await send(text);
          const sent = await reached(stage, id, { accepted: 1, displayed: 1 });
          expect(deliveryOf(sent)).toMatchObject({
            status: 'ACCEPTED',
            httpStatus: 201,
            attempts: 1,
            displayedAt: expect.any(String),
            clickedAt: null,
            dismissedAt: null,
          });
          expect(await firefox.shown('/sdk/')).toEqual([text]);
          expect(await firefox.alerts()).toMatchObject([{ title: text.title, text: text.body }]);
        }),
      timeoutMs,
    );

    scenario(
      'shows a payload of exactly the limit',
      (stage) =>
        withVisitor(stage, 'bea', async ({ firefox, send }) => {
          const bytesOf = () => (stage.posts().at(-1)?.bodyBytes ?? 0) - encryptionBytes;
          await reached(stage, await send({ title: 'T', body: 'é', tag: 'limit' }), { displayed: 1 });
          const body = `é${'x'.repeat(maxPayloadBytes - bytesOf())}`;
          await reached(stage, await send({ title: 'T', body, tag: 'limit' }), { displayed: 1 });
          expect(bytesOf()).toBe(3993);
          expect(await firefox.shown('/sdk/')).toEqual([{ title: 'T', body, tag: 'limit' }]);
        }),
      timeoutMs,
    );

    scenario(
      'tells a click from a dismissal, and the click opens its page',
      (stage) =>
        withVisitor(stage, 'cleo', async ({ firefox, send }) => {
          const navigate = `${demoAddress(stage)}?order=17`;
          const clicked = await send({ title: 'Click me', navigate });
          const closed = await send({ title: 'Close me' });
          await reached(stage, clicked, { displayed: 1 });
          await reached(stage, closed, { displayed: 1 });

          await firefox.clickAlert('Click me');
          await reached(stage, clicked, { clicked: 1 });
          await until(async () => (await firefox.tabs()).includes(navigate), 'the page of the notification');
          await firefox.closeAlert('Close me');
          expect((await reached(stage, closed, { dismissed: 1 })).progress).toMatchObject({ clicked: 0 });
          expect((await stage.look(clicked)).progress).toMatchObject({ clicked: 1, dismissed: 0 });
          expect(await firefox.shown('/sdk/')).toEqual([]);
        }),
      timeoutMs,
    );

    scenario(
      'reaches a visitor who has closed the site, and whose click opens it again',
      (stage) =>
        withVisitor(stage, 'dora', async ({ firefox, send }) => {
          await firefox.closeTab();
          expect(await firefox.tabs()).toEqual(['about:blank']);
          const id = await send({ title: 'Come back', body: 'We miss you', navigate: demoAddress(stage) });
          await reached(stage, id, { accepted: 1, displayed: 1 });
          expect(await firefox.alerts()).toMatchObject([{ title: 'Come back', text: 'We miss you' }]);
          await firefox.clickAlert('Come back');
          await reached(stage, id, { clicked: 1 });
          await until(async () => (await firefox.tabs()).includes(demoAddress(stage)), 'the site');
        }),
      timeoutMs,
    );

    scenario(
      'follows the user of a shared browser through logout and login',
      (stage) =>
        withVisitor(stage, 'gina', async ({ firefox, send }) => {
          await firefox.evaluate(`
            const { createFanfare } = await import('/sdk/fanfare.js');
            const { url, key } = await (await fetch('/demo/config.json')).json();
            return createFanfare({ url: new URL(url, location.href).href, key }).detach();`);
          expect((await stage.completed(await send({ title: 'For Gina' }))).progress.targeted).toBe(0);

          await firefox.fill('#user', 'hugo');
          await firefox.click('#subscribe');
          const hugo = { userIds: ['hugo'] };
          const size = 'query ($audience: AudienceInput!) { audienceSize(audience: $audience) }';
          const isHugos = async () =>
            (await stage.installation.graphql<{ audienceSize: number }>(size, { audience: hugo }))
              .audienceSize === 1;
          await until(isHugos, 'the browser to be the next user’s');
          const id = await stage.send({ audience: hugo, content: { title: 'For Hugo' } });
          await reached(stage, id, { displayed: 1 });
          expect((await firefox.alerts()).map(({ title }) => title)).toEqual(['For Hugo']);
        }),
      timeoutMs,
    );

    scenario(
      'reaches nobody after Unsubscribe',
      (stage) =>
        withVisitor(stage, 'eva', async ({ firefox, send }) => {
          await reached(stage, await send({ title: 'Before' }), { displayed: 1 });
          const posts = stage.posts().length;
          await firefox.click('#unsubscribe');
          await firefox.waitFor('#state[data-state=unsubscribed]');
          expect(await stage.completed(await send({ title: 'After' }))).toMatchObject({
            progress: { targeted: 0 },
          });
          expect(stage.posts()).toHaveLength(posts);
        }),
      timeoutMs,
    );

    scenario(
      'learns from the push service that a browser has gone, and leaves it alone from then on',
      (stage) =>
        withVisitor(stage, 'finn', async ({ firefox, send }) => {
          const { subscriptions } = stage.pushService.stats();
          await firefox.evaluate(`
            const registration = await navigator.serviceWorker.getRegistration('/sdk/');
            return (await registration.pushManager.getSubscription()).unsubscribe();`);
          await until(
            () => stage.pushService.stats().subscriptions < subscriptions,
            'the end of the subscription',
          );
          const sent = await stage.completed(await send({ title: 'Gone' }));
          expect(deliveryOf(sent)).toMatchObject({ status: 'GONE', httpStatus: 410, attempts: 1 });
          const next = await stage.completed(await send({ title: 'Again' }));
          expect(next.progress).toMatchObject({ targeted: 0 });
        }),
      timeoutMs,
    );
  });
});
