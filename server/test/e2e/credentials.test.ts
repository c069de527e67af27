/** A push service that refuses our VAPID key: the key's deliveries are held, and nobody is rejected or retired for it. */
import { describeEachEngine } from '../support/engines/describeEachEngine';
import { until } from '../support/until';

/** More than two workers have under way before they hear of the first refusal. */
const subscribers = 300;
const alarm = 'a push service refuses our VAPID key';
const cancelOperation = 'mutation ($id: ID!) { cancelNotification(id: $id) { status } }';

describeEachEngine('a refused VAPID key', (scenario) => {
  scenario('is held after a few refusals, with one alarm, and others are not concerned', async (stage) => {
    const { installation, otherPushService } = stage;
    await stage.subscribeMany(subscribers, 'refused', otherPushService);
    const ada = await stage.subscribe({ userId: 'ada' });
    // a refusal counts only for browsers that were accepted before
    await stage.completed(await stage.send({ audience: { tags: { anyOf: ['refused'] } } }));
    const postsBefore = stage.posts().length;
    otherPushService.script({ status: 401 });
    const id = await stage.send({ audience: { tags: { anyOf: ['refused'] } } });
    await until(() => installation.logs.includes(alarm), 'the alarm');
    const toAda = await stage.send({ audience: { userIds: ['ada'] } });
    expect(await stage.completed(toAda)).toMatchObject({ progress: { accepted: 1 } });
    expect(stage.postsTo(ada)).toHaveLength(1);

    // each worker finds out for itself, by no more than it had under way and a few
    const few = 5 * installation.workers.length;
    await until(async () => {
      const [row] = await stage.database.sql.rows<{ restless: number }>(
        'SELECT COUNT(*) AS restless FROM dispatch WHERE leaseUntil IS NOT NULL OR dueAt < ?',
        [Date.now() + 10_000],
      );
      return Number(row?.restless) === 0;
    }, 'everything to be held for a minute');
    expect(stage.posts().length - postsBefore).toBeLessThan(subscribers / 2);
    const { progress } = await stage.look(id);
    expect(progress).toMatchObject({ targeted: subscribers, accepted: 0, gone: 0, exhausted: 0 });
    expect(progress.rejected).toBeLessThan(few);
    const retired = await stage.database.sql.rows(
      'SELECT id FROM push_subscription WHERE retiredReason = ?',
      ['gone'],
    );
    expect(retired).toEqual([]);
    expect(installation.logs.split(alarm).length - 1).toBeLessThanOrEqual(installation.workers.length);

    await installation.graphql(cancelOperation, { id });
    const { rejected, cancelled } = (await stage.completed(id)).progress;
    expect(rejected + cancelled).toBe(subscribers);
  });
});
