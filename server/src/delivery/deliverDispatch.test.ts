import { type Exchange, inSqlTransaction, type Statement } from '../database/sql';
import { silentLog } from '../observe/log';
import { type DeliveryDeps, deliverDispatch } from './deliverDispatch';
import { Comebacks } from './flow/comebacks';
import type { KeyUse } from './flow/keyHolds';
import { PushServiceGates } from './flow/pushServiceGates';
import { Semaphore } from './semaphore';
import { Isolation } from './suspects/isolation';

const pushService = 'ill.example.org';
const now = 1_000_000_000;

/** A worker that gets what it claims, and all that it says to the database; by VAPID key, for how long that is held. */
function worker({ stopping = false, heldMs = [] as number[], at = pushService, hosts = [pushService] } = {}) {
  const said: Statement[] = [];
  const deliveries = heldMs.map((_, vapidKeyId) => ({
    ...{ ...delivery, subscriptionId: vapidKeyId, vapidKeyId },
    endpoint: `https://${hosts[vapidKeyId % hosts.length]}/1`,
  }));
  const claimed = [{ affected: 1 }, { rows: [{ ...dispatch, pushService: at }] }, { rows: deliveries }];
  const batch = async (statements: readonly Statement[]) => {
    said.push(...statements);
    return said.length === claimed.length
      ? claimed
      : statements.map(({ text }) => ({
          ...{ affected: 1, insertId: 1 },
          rows: text.includes('leaseOwner = ?') ? [dispatch] : [],
        }));
  };
  const gates = new PushServiceGates(() => now);
  const enter = jest.fn(() => true);
  const recalled: string[] = [];
  const parts = {
    ...{ gates, log: silentLog, now: () => now, stopping: () => stopping },
    database: {
      write: (work: (sql: unknown) => unknown) => work({ batch }),
      sqlTransaction: (work: Parameters<typeof inSqlTransaction>[2]) =>
        inSqlTransaction(batch as unknown as Exchange, { begin: 'BEGIN', lastId: '' }, work),
    },
    leases: {
      owner: 'first',
      leaseMs: 30_000,
      isHeld: () => false,
      hold: () => undefined,
      release: () => undefined,
    },
    shares: { enter, leave: () => undefined },
    messages: { of: () => ({ ttlSeconds: 3_600 }) },
    signingKeys: { known: () => ({}) },
    keyHolds: { admitOrProbe: ({ vapidKeyId }: KeyUse) => now + (heldMs[vapidKeyId] ?? 0) },
    isolation: new Isolation(gates),
    comebacks: new Comebacks(() => now),
    recall: { begin: (...[, line, places = line]: string[]) => recalled.push(`${line}, ${places}`) },
    lowPriorityWrites: new Semaphore(1, 10),
  } as unknown as DeliveryDeps;
  const deliver = () => deliverDispatch(parts, { dispatchId: 1, notificationId: 1 });
  return { said, gate: gates.of(pushService), enter, deliver, recalled };
}

const dispatch = {
  ...{ id: 1, notificationId: 1, pushService, lane: 'transactional', claims: 1, deaths: 0, diedAlone: 0 },
  ...{ status: 'SENDING', deadlineAt: now + 3_600_000, applicationId: 1 },
};

const delivery = {
  ...{ attempts: 0, reason: null, endpoint: `https://${pushService}/1`, userId: null, retiredAt: null },
  ...{ p256dh: Buffer.alloc(65), sealedAuth: Buffer.alloc(0), version: 1, createdAt: 0 },
};

test('a worker that stops claims nothing: the message goes back', async () => {
  const { deliver, said } = worker({ stopping: true });
  expect(await deliver()).toBe('later');
  expect(said).toEqual([]);
});

describe('what is for a push service that takes nothing keeps no place in the lane from all others', () => {
  const shutAt = (at: number) => {
    const ill = worker();
    for (let answer = 0; answer < 10; answer += 1) {
      void ill.gate.enter('bulk', at);
      ill.gate.leave('transient', at);
    }
    return ill;
  };
  const expectPutOff = async ({ deliver, enter, said }: ReturnType<typeof worker>, dueAt: number) => {
    expect(await deliver()).toBe('done');
    expect(enter).not.toHaveBeenCalled();
    const [deferral] = said.slice(3);
    expect(deferral?.text).toContain('dueAt = ?');
    expect(deferral?.values).toEqual([dueAt, 'gate', 1, 'first']);
  };

  test('while its gate is shut', async () => {
    await expectPutOff(shutAt(now), now + 1_000);
  });

  test('while one POST finds out whether it is well again', async () => {
    const ill = shutAt(now - 1_000);
    expect(ill.gate.enter('bulk', now)).toBe(true);
    await expectPutOff(ill, now + 500);
  });
});

describe('what waits for its VAPID key', () => {
  const waitsMs = (said: readonly Statement[]) =>
    said.flatMap(({ text, values = [] }) => {
      if (text.startsWith('UPDATE dispatch')) return [Number(values[0]) - now];
      return text.startsWith('INSERT INTO dispatch') ? [Number(values[5]) - now] : [];
    });

  test.each([
    ['comes back with its dispatch', [60_000, 60_000], [60_000]],
    ['is not kept waiting by what waits for another key for long', [60_000, 600_000], [60_000, 600_000]],
  ])('%s', async (_what, heldMs, expected) => {
    const { deliver, said } = worker({ heldMs });
    expect(await deliver()).toBe('done');
    expect(waitsMs(said.slice(3))).toEqual(expected);
  });
});

test('what waits for a host of a push service with many is called when something was sent there', async () => {
  const hosts = ['one.notify.windows.com', 'two.notify.windows.com'];
  const { deliver, recalled } = worker({ heldMs: [60_000, 60_000], at: 'wns', hosts });
  await deliver();
  expect(recalled).toEqual(['wns/1', ...hosts].flatMap((name) => [`${name}, wns/1`, `${name} 1, wns/1`]));
});
