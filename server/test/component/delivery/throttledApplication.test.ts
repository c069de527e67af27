/** An application that a push service throttles, next to one that it does not, on one worker. */
import { describeEachInProcess } from '../../support/engines/describeEachInProcess';
import { until } from '../../support/until';

const browsers = 60;

describeEachInProcess('an application that is throttled', (own) => {
  const subscribe = async (count: number, applicationId: number) => {
    const key = await own.engine.vapidPublicKey();
    const made: { id: number; endpoint: string }[] = [];
    while (made.length < count) {
      const subscription = own.pushService.createUserAgent().subscribe(key);
      made.push({
        id: await own.engine.register(subscription, { applicationId }),
        endpoint: subscription.endpoint,
      });
    }
    return made;
  };
  const completed = (id: number) =>
    until(async () => {
      const [row] = await own.engine.database.sql.rows<{ accepted: number }>(
        'SELECT accepted FROM notification WHERE id = ? AND completedAt IS NOT NULL',
        [id],
      );
      return row;
    }, 'the notification to complete');
  const dueTimes = async (notificationIds: readonly number[]) => {
    const rows = await own.engine.database.sql.rows<{ dueAt: number }>(
      `SELECT dueAt FROM dispatch WHERE notificationId IN (${notificationIds.join(', ')}) AND leaseUntil IS NULL`,
    );
    return rows.map(({ dueAt }) => Number(dueAt)).sort((a, b) => a - b);
  };

  test('keeps only its own deliveries waiting, and they come back one after the other', async () => {
    const { applicationId } = own.engine.installation;
    const flagged = await subscribe(browsers, applicationId);
    const headers = { 'retry-after': '3600' };
    for (const { endpoint } of flagged)
      own.pushService.script({ subscription: endpoint, status: 429, headers });
    const second = await own.engine.addApplication();
    const [other] = await subscribe(1, second);
    const audience = { subscriptionIds: other ? [other.id] : [] };
    await own.engine.startWorker();
    await own.engine.send({ audience: { everyone: true }, ttlSeconds: 86_400 });
    const singles: number[] = [];
    for (const { id } of flagged) {
      singles.push(await own.engine.send({ audience: { subscriptionIds: [id] }, ttlSeconds: 86_400 }));
    }

    const nearlyAnHour = Date.now() + 3_500_000;
    const waiting = await until(async () => {
      const times = await dueTimes(singles);
      return times.length === browsers && times.every((at) => at > nearlyAnHour) ? times : undefined;
    }, 'all of the throttled application to wait for an hour');
    expect(own.pushService.stats().posts).toBeLessThan(2 * browsers);
    expect(new Set(waiting).size).toBeGreaterThan(browsers / 2);

    // posted at once: nothing else of this push service is due within the hour
    expect(await completed(await own.engine.send({ applicationId: second, audience }))).toMatchObject({
      accepted: 1,
    });
    const broadcast = await own.engine.send({ applicationId: second, audience: { everyone: true } });
    expect(await completed(broadcast)).toMatchObject({ accepted: 1 });
  });
});
