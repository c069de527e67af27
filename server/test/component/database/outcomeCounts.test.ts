import { cancelNotification } from '../../../src/actions/notification/cancelNotification';
import { describeEachInProcess } from '../../support/engines/describeEachInProcess';
import { until } from '../../support/until';

describeEachInProcess('outcomes', (own) => {
  const subscribe = async (count: number, tags: string[]) => {
    for (let each = 0; each < count; each += 1) {
      const agent = own.pushService.createUserAgent();
      await own.engine.register(agent.subscribe(await own.engine.vapidPublicKey()), {
        userId: `user-${each}`,
        tags,
      });
    }
  };

  const counts = async (table: string) => {
    const rows = await own.engine.database.sql.rows<{
      status: number;
      reason: string;
      deliveries: number | string;
    }>(
      `SELECT status, reason, SUM(deliveries) AS deliveries FROM ${table} GROUP BY status, reason ORDER BY status, reason`,
    );
    return rows.map(({ status, reason, deliveries }) => `${status} ${reason} ${Number(deliveries)}`);
  };

  const completed = async (id: number) =>
    until(async () => {
      const [row] = await own.engine.database.sql.rows<{ completedAt: number | null }>(
        'SELECT completedAt FROM notification WHERE id = ?',
        [id],
      );
      return row?.completedAt;
    }, 'the notification to complete');

  test('grow with the deliveries of a broadcast, whose health is told as well', async () => {
    await subscribe(12, ['a']);
    own.pushService.script({ status: 410, times: 2 });
    await own.engine.startWorker();
    await completed(await own.engine.send({ audience: { tags: { anyOf: ['a'] } } }));
    await completed(await own.engine.send({ audience: { tags: { anyOf: ['a'] } } }));
    const expected = ['1 accepted 20', '2 unknown-subscription 2'];
    expect(await counts('outcome_hour')).toEqual(expected);
    expect(await counts('notification_outcome')).toEqual(expected);
    const state = await until(async () => {
      const [row] = await own.engine.database.sql.rows<{ state: string; attemptsPerMinute: number }>(
        'SELECT state, attemptsPerMinute FROM push_service_state',
      );
      return row;
    }, 'a worker that tells how its gates stand');
    expect(state.state).toBe('closed');
  });

  test('of a message to one user are counted by the hour only', async () => {
    await subscribe(1, []);
    await own.engine.startWorker();
    await completed(await own.engine.send({ audience: { userIds: ['user-0'] } }));
    expect(await counts('outcome_hour')).toEqual(['1 accepted 1']);
    expect(await counts('notification_outcome')).toEqual([]);
  });

  test('of what was cancelled are counted, too', async () => {
    await subscribe(3, []);
    const id = await own.engine.send({ audience: { userIds: ['user-0', 'user-1', 'user-2'] } });
    await cancelNotification({ database: own.engine.database }, id);
    expect(await counts('outcome_hour')).toEqual(['6 cancelled 3']);
  });
});
