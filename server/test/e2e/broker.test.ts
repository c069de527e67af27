/** RabbitMQ goes away in the middle of a broadcast, and comes back with or without what it held. */
import { Broadcast } from '../support/engines/broadcast';
import { describeInstallation } from '../support/engines/describeEachEngine';
import type { Stage } from '../support/engines/stage';
import { RabbitNode } from '../support/servers/rabbitNode';
import { until } from '../support/until';

const subscribers = 300;
const startTimeoutMs = 120_000;
let node: RabbitNode | undefined;

afterAll(() => node?.remove(), startTimeoutMs);

async function startBroker() {
  node = await RabbitNode.start();
  return { engine: 'distributed', amqpUrl: node.url } as const;
}

describeInstallation('a broker of our own', ['rabbitmq-server', 'mysql'], startBroker, (scenario) => {
  scenario(
    'that is stopped and started in the middle of a broadcast: everything is delivered',
    // so slow that the broker is back, and hands everything out again, while the workers are still at it
    (stage) => interrupt(stage, 2_500, async (broker) => broker.stop()),
    startTimeoutMs,
  );

  scenario(
    'that is killed and comes back empty: everything is delivered',
    (stage) =>
      interrupt(stage, 100, async (broker) => {
        await broker.kill();
        broker.wipe();
      }),
    startTimeoutMs,
  );

  scenario(
    'that is killed with messages waiting in it and comes back empty: everything is delivered',
    async (stage) => {
      const { installation } = stage;
      const ada = await stage.subscribe({ userId: 'ada' });
      for (const worker of installation.workers) expect(await worker.terminate()).toBe(0);
      const ids = [];
      while (ids.length < 5) ids.push(await stage.send({ audience: { userIds: ['ada'] } }));
      await until(async () => (await installation.waitingMessages()) === ids.length, 'messages that wait');
      await node?.kill();
      node?.wipe();
      await node?.start();
      await installation.startAll();
      for (const id of ids) {
        expect(await stage.completed(id, 60_000)).toMatchObject({ progress: { targeted: 1, accepted: 1 } });
      }
      await ada.agent.waitForMessages(ids.length);
    },
    startTimeoutMs,
  );
});

/** A broadcast is under way and others are accepted when the broker goes, and more are accepted while it is away. */
async function interrupt(
  stage: Stage,
  delayMs: number,
  goAway: (broker: RabbitNode) => Promise<void>,
): Promise<void> {
  if (!node) throw new Error('The broker did not start.');
  const ada = await stage.subscribe({ userId: 'ada' });
  const broadcast = await Broadcast.begin(stage, subscribers, delayMs);
  await broadcast.underWay(1);
  const toAda = () => stage.send({ audience: { userIds: ['ada'] } });
  const ids = [await toAda(), await toAda()];
  await goAway(node);
  const { api, workers } = stage.installation;
  // the API still accepts and stays in its load balancer, the workers cannot work
  await until(async () => (await readiness(api.url)) === '200 degraded', 'a degraded API');
  for (const { url } of workers) {
    await until(async () => (await readiness(url)) === '503 not ready', 'a worker that is not ready');
  }
  ids.push(await toAda());
  await node.start();
  ids.push(await toAda());
  for (const id of ids) {
    expect(await stage.completed(id, 60_000)).toMatchObject({ progress: { targeted: 1, accepted: 1 } });
  }
  await broadcast.allAccepted(60_000);
  // the workers lived: what the broker hands out again is in their hands or finished
  expect(broadcast.doubled).toBe(0);
  expect(ada.agent.receivedCount).toBeGreaterThanOrEqual(ids.length);
  broadcast.expectOneNotificationEach();
}

async function readiness(url: string): Promise<string> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(10_000) });
  const { status } = (await answer.json()) as { status: string };
  return `${answer.status} ${status}`;
}
