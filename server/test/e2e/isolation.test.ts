/** A push service that is dead, slow or throttling delays its own deliveries and nobody else's. */
import { describeEachEngine } from '../support/engines/describeEachEngine';
import type { Stage } from '../support/engines/stage';
import { until } from '../support/until';

const promptMs = 3_000;
const tag = 'news';
const broadcast = { audience: { tags: { anyOf: [tag] } } };

/** Puts the other push service in trouble and gives what ends it. */
const troubles: [name: string, begin: (stage: Stage) => () => void][] = [
  [
    'answers 503',
    ({ otherPushService }) => {
      otherPushService.script({ status: 503 });
      return () => otherPushService.clearScripts();
    },
  ],
  [
    'asks to wait',
    ({ otherPushService }) => {
      otherPushService.script({ status: 429, headers: { 'retry-after': '2' } });
      return () => otherPushService.clearScripts();
    },
  ],
  [
    'breaks every connection',
    ({ otherNetwork }) => {
      otherNetwork.refuse();
      return () => otherNetwork.heal();
    },
  ],
];

describeEachEngine('isolation', (scenario) => {
  for (const [name, begin] of troubles) {
    scenario(`a push service that ${name} does not hold up a broadcast at the other`, async (stage) => {
      await stage.subscribeMany(40, tag, stage.otherPushService);
      const healthy = await stage.subscribeMany(40, tag, stage.pushService);
      const end = begin(stage);
      const id = await stage.send(broadcast);
      await until(
        () => healthy.every(({ agent }) => agent.receivedCount === 1),
        'the deliveries at the push service that is well',
        promptMs,
      );
      const { progress } = await stage.look(id);
      expect(progress).toMatchObject({ targeted: 80, gone: 0, rejected: 0, exhausted: 0, expired: 0 });
      expect(progress.pending).toBeGreaterThanOrEqual(40);
      end();
      expect(await stage.completed(id, 45_000)).toMatchObject({ progress: { accepted: 80 } });
    });
  }

  scenario(
    'a push service that never answers fills no lane, neither with few nor with many',
    async (stage) => {
      const users = Array.from({ length: 40 }, (_, index) => `user-${index}`);
      for (const userId of users) await stage.subscribe({ userId, tags: [tag] }, stage.otherPushService);
      const ada = await stage.subscribe({ userId: 'ada', tags: [tag] });
      stage.otherPushService.script({ stall: true });
      const waiting: string[] = [];
      for (const userId of users) waiting.push(await stage.send({ audience: { userIds: [userId] } }));
      for (let count = 0; count < 10; count += 1) waiting.push(await stage.send(broadcast));
      await until(
        () => ada.agent.receivedCount === 10,
        'the broadcasts at the healthy push service',
        promptMs,
      );
      const id = await stage.send({ audience: { userIds: ['ada'] } });
      expect(await stage.completed(id, promptMs)).toMatchObject({ progress: { accepted: 1 } });

      for (const each of waiting) expect(await stage.look(each)).toMatchObject({ status: 'SENDING' });
      stage.otherPushService.clearScripts();
      for (const each of waiting) {
        const { progress } = await stage.completed(each, 45_000);
        expect(progress.accepted).toBe(progress.targeted);
      }
    },
  );
});
