/** The secret is lost: the installation goes on with another one, and browsers come back at their next visit. */

import { operation } from '../support/api/graphqlCall';
import { describeEachEngine } from '../support/engines/describeEachEngine';

describeEachEngine('a lost secret', (scenario) => {
  scenario(
    'start is refused, secrets reset gives up what it sealed, and sending works again',
    async (stage) => {
      const { installation } = stage;
      const ada = await stage.subscribe({ userId: 'ada', tags: ['news'] });
      const before = await stage.send({ audience: { userIds: ['ada'] } });
      await stage.completed(before);
      const scheduled = await stage.send({
        ...{ audience: { userIds: ['ada'] }, sendAt: new Date(Date.now() + 3_600_000) },
      });

      await stage.whileClosed(async () => {
        installation.change({ FANFARE_SECRET: 'another secret, of which nobody had heard before' });
        for (const { role } of installation.processes.slice(0, 2)) {
          const refused = await installation.command('start', '--role', role, '--no-push-service');
          expect(refused).toMatchObject({ status: 1, output: expect.stringContaining('secrets reset') });
        }
        const asked = await installation.command('secrets', 'reset');
        expect([asked.status, asked.output]).toEqual([1, expect.stringContaining('VAPID keys: 1')]);
        const done = await installation.command('secrets', 'reset', '--yes');
        expect([done.status, done.output]).toEqual([
          0,
          expect.stringContaining('1 push subscriptions retired'),
        ]);
        const again = await installation.command('secrets', 'reset', '--yes');
        expect([again.status, again.output]).toEqual([0, expect.stringContaining('nothing to give up')]);
      });
      await installation.startAll();

      // ids and the admin key are what they were, and so is history
      expect(await stage.look(before)).toMatchObject({ status: 'COMPLETED', progress: { accepted: 1 } });
      expect(await stage.look(scheduled)).toMatchObject({ status: 'SCHEDULED' });
      await installation.graphql(operation('cancel'), { id: scheduled });

      // what the SDK does at the next visit
      const { vapidPublicKey } = await installation.graphql<{ vapidPublicKey: string }>(
        operation('vapidPublicKey'),
      );
      const subscription = ada.agent.subscribe(vapidPublicKey);
      const { subscribe } = await installation.graphql<{
        subscribe: { subscription: { id: string; tags: string[] } };
      }>('mutation ($input: SubscribeInput!) { subscribe(input: $input) { subscription { id tags } } }', {
        input: { subscription, replaces: ada.endpoint, replacesAuth: ada.auth },
      });
      expect(subscribe.subscription.tags).toEqual(['news']);
      const received = ada.agent.receivedCount;
      const after = await stage.send({ audience: { userIds: ['ada'] } });
      expect(await stage.completed(after)).toMatchObject({ progress: { targeted: 1, accepted: 1 } });
      await ada.agent.waitForMessages(received + 1);
    },
    120_000,
  );
});
