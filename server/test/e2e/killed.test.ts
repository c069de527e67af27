/** kill -9: what was answered is never lost, and hardly anything is posted twice. */
import { Broadcast } from '../support/engines/broadcast';
import { describeEachEngine } from '../support/engines/describeEachEngine';
import type { Stage } from '../support/engines/stage';
import type { FanfareProcess } from '../support/process/fanfareProcess';
import { until } from '../support/until';

const subscribers = 300;

describeEachEngine('kill -9', (scenario, engine) => {
  scenario(
    'of everything right after sendNotification is answered: delivered after a restart',
    async (stage) => {
      const ada = await stage.subscribe({ userId: 'ada' });
      const reader = await stage.subscribe({ tags: ['news'] });
      stage.pushService.script({ delayMs: 300 });
      const ids = [
        await stage.send({ audience: { tags: { anyOf: ['news'] } } }),
        await stage.send({ audience: { userIds: ['ada'] } }),
      ];
      await stage.installation.killAll();
      await stage.installation.startAll();
      for (const id of ids) {
        expect(await stage.completed(id)).toMatchObject({ progress: { targeted: 1, accepted: 1 } });
      }
      for (const { agent } of [ada, reader]) await agent.waitForMessages(1);
    },
  );

  scenario(
    'of everything while a POST is under way: delivered after a restart, shown once',
    async (stage) => {
      const ada = await stage.subscribe({ userId: 'ada' });
      stage.pushService.script({ accept: true, delayMs: 1_000, times: 1 });
      const id = await stage.send({ audience: { userIds: ['ada'] } });
      await until(() => stage.pushService.stats().activePosts > 0, 'the POST');
      await stage.installation.killAll();
      await stage.installation.startAll();
      expect(await stage.completed(id)).toMatchObject({ progress: { targeted: 1, accepted: 1 } });
      // the first was accepted, but nobody lived to hear it
      await ada.agent.waitForMessages(2);
      const tags = ada.agent.received.map(({ plaintext }) => JSON.parse(plaintext ?? '{}').notification.tag);
      expect(tags).toEqual([id, id]);
    },
  );

  scenario('of everything in the middle of a broadcast: nobody is lost', async (stage) => {
    await killAndFinish(stage, stage.installation.processes);
  });

  if (engine === 'embedded') return;

  scenario('of one worker in the middle of a broadcast: the other one finishes', async (stage) => {
    const [worker] = stage.installation.workers;
    const broadcast = await Broadcast.begin(stage, subscribers);
    await broadcast.underWay();
    await worker?.kill();
    await broadcast.allAccepted();
    broadcast.expectOneNotificationEach();
  });

  scenario('of all workers in the middle of a broadcast: restarted ones finish', async (stage) => {
    await killAndFinish(stage, stage.installation.workers);
  });

  scenario('of the API in the middle of a broadcast: the workers finish without it', async (stage) => {
    const broadcast = await Broadcast.begin(stage, subscribers);
    await broadcast.underWay();
    await stage.installation.api.kill();
    await until(() => broadcast.posts >= subscribers, 'a POST to every browser');
    await stage.installation.api.start();
    await broadcast.allAccepted();
    expect(broadcast.doubled).toBe(0);
  });
});

/** Only POSTs whose outcome was not yet written when the process died may be made again. */
async function killAndFinish(stage: Stage, victims: readonly FanfareProcess[]): Promise<void> {
  const broadcast = await Broadcast.begin(stage, subscribers);
  await broadcast.underWay();
  await Promise.all(victims.map((victim) => victim.kill()));
  await broadcast.quiet();
  const unrecorded = broadcast.posts - (await broadcast.recorded());
  await stage.installation.startAll();
  await broadcast.allAccepted();
  expect(broadcast.doubled).toBeLessThanOrEqual(unrecorded);
  broadcast.expectOneNotificationEach();
}
