/** The main job: subscribe, send, decrypt, ask what became of it, tell what a person saw. */
import { maxPayloadBytes } from '../../src/model/pushPayload';
import { operation } from '../support/api/graphqlCall';
import { describeEachEngine } from '../support/engines/describeEachEngine';
import type { Browser, Stage } from '../support/engines/stage';
import { until } from '../support/until';

interface Shown {
  readonly web_push: number;
  readonly notification: {
    readonly title: string;
    readonly body?: string;
    readonly tag: string;
    readonly data: {
      readonly order?: number;
      readonly fanfare: { readonly receipt: string; readonly url: string };
    };
  };
}

const newest = (browser: Browser) => JSON.parse(browser.agent.received.at(-1)?.plaintext ?? '{}') as Shown;

describeEachEngine('sending', (scenario) => {
  scenario('every device of a user decrypts the exact text, and the status tells so', async (stage) => {
    const devices = await Promise.all(['ada', 'ada', 'ada'].map((userId) => stage.subscribe({ userId })));
    const stranger = await stage.subscribe({ userId: 'bob' });
    const content = { title: 'Grüße 👋🏽 aus 東京', body: 'שלום "quoted" \\ \u2028', data: { order: 17 } };
    const id = await stage.send({ audience: { userIds: ['ada'] }, content });
    const notification = await stage.completed(id);

    expect(notification).toMatchObject({ status: 'COMPLETED', progress: { targeted: 3, accepted: 3 } });
    const deliveries = notification.deliveries.edges.map(({ node }) => node);
    expect(new Set(deliveries.map(({ subscription }) => subscription?.id))).toEqual(
      new Set(devices.map((device) => device.id)),
    );
    for (const delivery of deliveries) {
      expect(delivery).toMatchObject({ status: 'ACCEPTED', attempts: 1, httpStatus: 201 });
    }
    for (const device of devices) {
      await device.agent.waitForMessages(1);
      expect(newest(device)).toMatchObject({
        web_push: 8030,
        notification: { title: content.title, body: content.body, data: { order: 17 }, tag: id },
      });
    }
    expect(stranger.agent.receivedCount).toBe(0);
  });

  scenario('a broadcast reaches everybody who has the tag, and nobody else', async (stage) => {
    const readers = await stage.subscribeMany(25, 'news');
    const others = await stage.subscribeMany(2, 'sports');
    const id = await stage.send({ audience: { tags: { anyOf: ['news'] } } });
    expect(await stage.completed(id)).toMatchObject({ progress: { targeted: 25, accepted: 25 } });
    for (const { agent } of readers) await agent.waitForMessages(1);
    expect(others.map(({ agent }) => agent.receivedCount)).toEqual([0, 0]);
  });

  scenario(
    'a payload of exactly the limit arrives; one byte more is refused and not stored',
    async (stage) => {
      const device = await stage.subscribe({ userId: 'carol' });
      const sendBody = (body: string) =>
        stage.send({ audience: { userIds: ['carol'] }, content: { title: 'T', body } });
      await stage.completed(await sendBody('é'));
      await device.agent.waitForMessages(1);
      const bytesOf = () => Buffer.byteLength(device.agent.received.at(-1)?.plaintext ?? '');
      const fitting = `é${'x'.repeat(maxPayloadBytes - bytesOf())}`;

      await stage.completed(await sendBody(fitting));
      await device.agent.waitForMessages(2);
      expect(bytesOf()).toBe(maxPayloadBytes);
      expect(newest(device).notification.body).toBe(fitting);

      const before = await countNotifications(stage);
      await expect(sendBody(`${fitting}x`)).rejects.toMatchObject({
        code: 'PAYLOAD_TOO_LARGE',
        path: ['input', 'content'],
      });
      expect(await countNotifications(stage)).toBe(before);
      expect(stage.postsTo(device)).toHaveLength(2);
    },
  );

  scenario('receipts show in the status, without any key, once each', async (stage) => {
    const [seen, clicked, closed] = await Promise.all(
      ['dora', 'dora', 'dora'].map((userId) => stage.subscribe({ userId })),
    );
    if (!seen || !clicked || !closed) throw new Error('Three browsers are needed.');
    const id = await stage.send({ audience: { userIds: ['dora'] } });
    await stage.completed(id);
    for (const { agent } of [seen, clicked, closed]) await agent.waitForMessages(1);

    const tell = (browser: Browser, event: string) => tellReceipt(newest(browser), event);
    for (const browser of [seen, seen, clicked, closed]) expect(await tell(browser, 'DISPLAYED')).toBe(true);
    await tell(clicked, 'CLICKED');
    await tell(closed, 'DISMISSED');
    const { progress, deliveries } = await stage.look(id);
    expect(progress).toMatchObject({ accepted: 3, displayed: 3, clicked: 1, dismissed: 1 });
    const of = (browser: Browser) =>
      deliveries.edges.find(({ node }) => node.subscription?.id === browser.id)?.node;
    expect(of(clicked)).toMatchObject({ displayedAt: expect.any(String), clickedAt: expect.any(String) });
    expect(of(closed)).toMatchObject({ clickedAt: null, dismissedAt: expect.any(String) });
  });

  scenario('the same idempotency key sends once; another input under it is refused', async (stage) => {
    const device = await stage.subscribe({ userId: 'erik' });
    const input = { audience: { userIds: ['erik'] }, idempotencyKey: 'order-17' };
    const ids = await Promise.all(Array.from({ length: 5 }, () => stage.send(input)));
    expect(new Set(ids).size).toBe(1);
    await expect(stage.send({ ...input, content: { title: 'Other' } })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
    await stage.completed(ids[0] ?? '');
    await until(() => device.agent.receivedCount > 0, 'the message');
    expect(stage.postsTo(device)).toHaveLength(1);
  });
});

async function countNotifications(stage: Stage): Promise<number> {
  return (await stage.database.sql.rows('SELECT id FROM notification')).length;
}

/** As the service worker does it: to the URL in the payload, with nothing but the token. */
async function tellReceipt({ notification }: Shown, event: string): Promise<boolean> {
  const { url, receipt } = notification.data.fanfare;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: operation('recordReceipt'), variables: { token: receipt, event } }),
  });
  const answer = (await response.json()) as { data?: { recordReceipt: boolean } };
  if (!answer.data) throw new Error(`The receipt was answered ${JSON.stringify(answer)}.`);
  return answer.data.recordReceipt;
}
