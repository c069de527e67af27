/** Subscriptions that are always refused, next to good ones of the same application; and a key that is really refused. */
import { describeEachInProcess } from '../../support/engines/describeEachInProcess';
import { until } from '../../support/until';

const refused = { status: 401, body: '{"errno":109}' };

describeEachInProcess('a push service that refuses our VAPID token', (own) => {
  const subscribe = async (count: number) => {
    const key = await own.engine.vapidPublicKey();
    const made: { id: number; endpoint: string }[] = [];
    while (made.length < count) {
      const subscription = own.pushService.createUserAgent().subscribe(key);
      made.push({ id: await own.engine.register(subscription), endpoint: subscription.endpoint });
    }
    return made;
  };
  const progress = async (id: number) => {
    const [row] = await own.engine.database.sql.rows<Record<string, number | null>>(
      'SELECT accepted, rejected, completedAt FROM notification WHERE id = ?',
      [id],
    );
    return row;
  };
  const completed = (id: number) =>
    until(async () => {
      const row = await progress(id);
      return row?.completedAt ? row : undefined;
    }, 'the notification to complete');
  const sendTo = (...ids: number[]) => own.engine.send({ audience: { subscriptionIds: ids } });
  const rows = () =>
    own.engine.database.sql.rows<{
      id: number;
      neverAcceptedSince: number | null;
      sendsWithoutAccept: number;
    }>('SELECT id, neverAcceptedSince, sendsWithoutAccept FROM push_subscription ORDER BY id');

  test.each([
    ['8 of 38', 30, 8],
    ['20 of 30', 10, 20],
  ])('for %s that were never accepted rejects those and holds nobody', async (_what, good, bad) => {
    const [first, ...others] = await subscribe(good);
    const invented = await subscribe(bad);
    for (const { endpoint } of invented) own.pushService.script({ subscription: endpoint, ...refused });
    await own.engine.startWorker();
    // as a welcome does: to each alone, and nothing is accepted in between
    await Promise.all(invented.map(async ({ id }) => completed(await sendTo(id))));
    expect(await completed(await sendTo(first?.id ?? 0))).toMatchObject({ accepted: 1 });
    const everyone = await own.engine.send({ audience: { everyone: true } });
    expect(await completed(everyone)).toMatchObject({ accepted: good, rejected: bad });
    for (const { id } of others.slice(0, 3)) {
      expect(await completed(await sendTo(id))).toMatchObject({ accepted: 1 });
    }
    const counted = (await rows()).map(({ neverAcceptedSince, sendsWithoutAccept }) =>
      neverAcceptedSince === null ? 'accepted' : sendsWithoutAccept,
    );
    expect(counted).toEqual([...Array(good).fill('accepted'), ...Array(bad).fill(2)]);
  });

  test('for all that it accepted before holds them, and rejects few', async () => {
    const all = await subscribe(40);
    await own.engine.startWorker();
    await completed(await own.engine.send({ audience: { everyone: true } }));
    own.pushService.script(refused);
    const broadcast = await own.engine.send({ audience: { everyone: true } });
    const held = await until(async () => {
      const [row] = await own.engine.database.sql.rows<{ soonest: number | null }>(
        'SELECT MIN(dueAt) AS soonest FROM dispatch WHERE leaseUntil IS NULL AND publishedAt IS NULL',
      );
      return Number(row?.soonest) > Date.now() + 40_000 ? row : undefined;
    }, 'the rest to be held for a minute');
    expect(held).toBeDefined();
    expect((await progress(broadcast))?.rejected).toBeLessThan(all.length / 2);
    expect((await rows()).every(({ neverAcceptedSince }) => neverAcceptedSince === null)).toBe(true);
  });
});
