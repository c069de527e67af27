import { deliveryStatusCode, terminalStatuses } from '../../../src/model/deliveryStatus';
import { until } from '../until';
import type { Stage } from './stage';

/**
 * What holds after every end-to-end test, whatever it did: every notification has ended, each of its deliveries in one
 * terminal status that the counters agree with, and neither database nor queue holds work that nobody waits for.
 */
export async function expectInvariants(stage: Stage): Promise<void> {
  await until(async () => (await count(stage, 'dispatch')) === 0, 'a database without dispatches');
  await until(
    async () => (await stage.installation.waitingMessages()) === 0,
    'queues without waiting messages',
  );
  expect(await count(stage, 'delivery', 'status = 0')).toBe(0);
  expect(await count(stage, 'notification', 'completedAt IS NULL')).toBe(0);
  expect(await wrongCounters(stage)).toEqual([]);
}

async function count(stage: Stage, table: string, where = '1 = 1'): Promise<number> {
  const [row] = await stage.database.sql.rows<{ size: number }>(
    `SELECT COUNT(*) AS size FROM ${table} WHERE ${where}`,
  );
  return Number(row?.size);
}

/** Notifications whose counters are not the counts of their deliveries. */
function wrongCounters(stage: Stage): Promise<object[]> {
  const differs = terminalStatuses.map(
    (status) => `n.${status.toLowerCase()} <> ${counted(`AND d.status = ${deliveryStatusCode(status)}`)}`,
  );
  return stage.database.sql.rows<object>(
    `SELECT n.* FROM notification n WHERE n.targeted <> ${counted('')} OR ${differs.join(' OR ')}`,
  );
}

function counted(condition: string): string {
  return `(SELECT COUNT(*) FROM delivery d WHERE d.notificationId = n.id ${condition})`;
}
