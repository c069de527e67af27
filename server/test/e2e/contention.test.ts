/** Many callers write at the same time as a broadcast: each is answered, and none hears of a busy database. */
import { randomUUID } from 'node:crypto';
import { Broadcast } from '../support/engines/broadcast';
import { describeEachEngine } from '../support/engines/describeEachEngine';

const parallel = 50;
const each = 4;
const subscribeOperation = `mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }`;
const unsubscribeOperation = `mutation ($input: UnsubscribeInput!) { unsubscribe(input: $input) { unsubscribed } }`;

describeEachEngine('contention', (scenario) => {
  scenario(`${parallel} parallel mutations while a broadcast runs: all are answered`, async (stage) => {
    const broadcast = await Broadcast.begin(stage, 300, 30);
    const { keys } = stage.pushService.createUserAgent().subscribe();
    const visit = async (userId: string) => {
      for (let turn = 0; turn < each; turn += 1) {
        const endpoint = `http://localhost:${stage.pushService.port}/wpush/v2/${randomUUID()}`;
        const input = { subscription: { endpoint, keys }, userId };
        await stage.installation.graphql(subscribeOperation, { input });
        await stage.installation.graphql(unsubscribeOperation, { input: { endpoint } });
      }
    };
    const visits = Array.from({ length: parallel }, (_, who) => visit(`visitor-${who}`));
    const failures = (await Promise.allSettled(visits)).filter(({ status }) => status === 'rejected');
    expect(failures).toEqual([]);
    expect(stage.installation.logs).not.toContain('SQLITE_BUSY');
    await broadcast.allAccepted();
    expect(broadcast.doubled).toBe(0);
  });
});
