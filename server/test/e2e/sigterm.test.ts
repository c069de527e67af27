/**
 * SIGTERM: no new work, what is under way is settled, exit status 0, and nothing is posted twice. A process that needs
 * more than 30 seconds ends itself with status 1.
 */
import { Broadcast } from '../support/engines/broadcast';
import { describeEachEngine } from '../support/engines/describeEachEngine';
import { until } from '../support/until';

const subscribers = 300;

describeEachEngine('SIGTERM', (scenario, engine) => {
  scenario(
    'in the middle of a broadcast: settled, exit 0, and the rest follows after a restart',
    async (stage) => {
      const broadcast = await Broadcast.begin(stage, subscribers, 100);
      await broadcast.underWay();
      const statuses = await stage.installation.terminateAll();
      expect(statuses).toEqual(statuses.map(() => 0));
      expect(broadcast.posts).toBeLessThan(subscribers);
      // nothing is left half done: what was posted is written down
      expect(await broadcast.recorded()).toBe(broadcast.posts);

      await stage.installation.startAll();
      await broadcast.allAccepted();
      expect(broadcast.doubled).toBe(0);
    },
  );

  scenario('while a push service does not answer: in time, and the delivery is made later', async (stage) => {
    const ada = await stage.subscribe({ userId: 'ada' });
    stage.pushService.script({ stall: true, times: 1 });
    const id = await stage.send({ audience: { userIds: ['ada'] } });
    await until(() => stage.postsTo(ada).length > 0, 'the POST');
    const statuses = await stage.installation.terminateAll();
    expect(statuses).toEqual(statuses.map(() => 0));
    await stage.installation.startAll();
    expect(await stage.completed(id)).toMatchObject({ progress: { targeted: 1, accepted: 1 } });
  });

  if (engine === 'embedded') return;

  scenario('to one worker after the other, as an upgrade does: nothing is posted twice', async (stage) => {
    const broadcast = await Broadcast.begin(stage, subscribers, 100);
    await broadcast.underWay(30);
    for (const worker of stage.installation.workers) {
      expect(await worker.terminate()).toBe(0);
      await worker.start();
    }
    await broadcast.allAccepted();
    expect(broadcast.doubled).toBe(0);
  });
});
