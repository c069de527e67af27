import { deliveryStatusCode, terminalStatuses } from '../src/model/deliveryStatus';
import { until } from '../test/support/until';
import type { Scene } from './scene';

/**
 * What must hold when a broadcast has ended, whatever was done to it: every delivery in one terminal status that the
 * counters agree with, no dispatch left, nothing in the queues, nothing given up, no attempt that nobody saw.
 * @returns what does not hold, in words
 */
export async function checkInvariants(scene: Scene): Promise<string[]> {
  const wrong: string[] = [];
  const none = async (what: string, table: string, where?: string) => {
    const size = await scene.count(table, where);
    if (size > 0) wrong.push(`${size} ${what}`);
  };
  await none('dispatches left', 'dispatch');
  await none('deliveries pending', 'delivery', 'status = 0');
  await none(
    'notifications whose counters are not the counts of their deliveries',
    'notification n',
    wrongCounters,
  );
  await none('deliveries not ACCEPTED', 'delivery', `status <> ${deliveryStatusCode('ACCEPTED')}`);
  return [...wrong, ...(await queueFaults(scene)), ...(await attemptFaults(scene))];
}

const wrongCounters = [
  `n.targeted <> ${counted('')}`,
  ...terminalStatuses.map(
    (status) => `n.${status.toLowerCase()} <> ${counted(`AND d.status = ${deliveryStatusCode(status)}`)}`,
  ),
].join(' OR ');

function counted(condition: string): string {
  return `(SELECT COUNT(*) FROM delivery d WHERE d.notificationId = n.id ${condition})`;
}

async function queueFaults({ installation }: Scene): Promise<string[]> {
  // messages that came twice are still on their way to being found done
  await until(async () => (await installation.waitingMessages()).waiting === 0, 'empty queues').catch(
    () => undefined,
  );
  const { waiting, dead } = await installation.waitingMessages();
  return [
    ...(waiting > 0 ? [`${waiting} messages wait`] : []),
    ...(dead > 0 ? [`${dead} messages given up`] : []),
  ];
}

/** Each failed attempt has its row, and no accepted POST is recorded that the push services did not see. */
async function attemptFaults(scene: Scene): Promise<string[]> {
  const [row] = await scene.installation.database.sql.rows<{ attempts: number; accepted: number }>(
    'SELECT SUM(attempts) AS attempts, SUM(acceptedAt IS NOT NULL) AS accepted FROM delivery',
  );
  const failed = Number(row?.attempts) - Number(row?.accepted);
  const rows = await scene.count('attempt');
  const { hurt, healthy, urgent } = await scene.report();
  const seen = hurt.accepted + healthy.accepted + urgent.length;
  return [
    ...(failed === rows ? [] : [`${failed} failed attempts counted, but ${rows} rows of them`]),
    ...(Number(row?.accepted) <= seen ? [] : [`${row?.accepted} accepted recorded, but ${seen} seen`]),
  ];
}
