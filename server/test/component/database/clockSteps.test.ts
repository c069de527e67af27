/** A clock that is set while work waits: pauses last as long as they would have, and schedules keep their time of day. */
import { Dispatch } from '../../../src/database/entities/dispatch';
import type { Database } from '../../../src/database/openDatabase';
import { Comebacks } from '../../../src/delivery/flow/comebacks';
import { KeyHolds } from '../../../src/delivery/flow/keyHolds';
import { PushServiceGates } from '../../../src/delivery/flow/pushServiceGates';
import { silentLog } from '../../../src/observe/log';
import { openEmbeddedQueue } from '../../../src/queue/embeddedQueue';
import { startRelay } from '../../../src/relay/relay';
import { describeEachInProcess } from '../../support/engines/describeEachInProcess';
import { describeEachDatabase } from '../../support/engines/engines';
import { until } from '../../support/until';

const hourMs = 3_600_000;
const minuteMs = 60_000;

describeEachDatabase('a clock that is set', (database) => {
  const notification = async (startAt: number, sendAt: number | null) => {
    const { insertId } = await database().write((sql) =>
      sql.run(
        `INSERT INTO notification (applicationId, apiKeyId, status, lane, audience, content, receiptUrl, ttlSeconds,
           urgency, inputHash, createdAt, sendAt, deadlineAt, expandCursor)
         VALUES (1, 1, 'SENDING', 'bulk', '{}', '{}', '', 1, 'NORMAL', 'x', ?, ?, ?, 0)`,
        [startAt, sendAt, startAt + 100 * hourMs],
      ),
    );
    return insertId;
  };
  const dispatch = async (notificationId: number, dueAt: number, leaseUntil: number | null) => {
    const { insertId } = await database().write((sql) =>
      sql.run(
        `INSERT INTO dispatch (notificationId, lane, pushService, firstSubscriptionId, lastSubscriptionId, dueAt,
           leaseUntil, leaseOwner) VALUES (?, 'bulk', 'fcm', 1, 1, ?, ?, ?)`,
        [notificationId, dueAt, leaseUntil, leaseUntil === null ? null : 'worker'],
      ),
    );
    return insertId;
  };
  const rowOf = (id: number) => database().entities.findOneByOrFail(Dispatch, { id });

  test.each([2 * hourMs, -2 * hourMs])(
    'by %d ms moves what is held and what is tried again',
    async (byMs) => {
      let wall = database().now();
      const relay = await startRelay({
        database: database(),
        queue: openEmbeddedQueue(),
        log: silentLog,
        soleProcess: true,
        poll: false,
      });
      const begun = await notification(wall - minuteMs, null);
      const scheduled = await notification(wall - minuteMs, wall + 10 * hourMs);
      const retried = await dispatch(begun, wall + minuteMs, null);
      const held = await dispatch(begun, wall - minuteMs, wall + 30_000);
      const planned = await dispatch(scheduled, wall + 10 * hourMs, null);
      await database().write((sql) =>
        sql.run('UPDATE notification SET expandLeaseUntil = ? WHERE id = ?', [wall + 15_000, begun]),
      );
      const [expandedUntil, retriedAt, heldUntil, plannedAt] = [
        wall + 15_000,
        wall + minuteMs,
        wall + 30_000,
        wall + 10 * hourMs,
      ];
      wall += byMs;
      const read = jest.spyOn(database().clock, 'read' as never).mockReturnValue(wall as never);
      await database().clock.synchronise();
      // to the second: reading the clock takes a moment
      const isMoved = (at: number | null, from: number) => Math.abs(Number(at) - from - byMs) < 1_000;
      await until(async () => isMoved((await rowOf(retried)).dueAt, retriedAt), 'the retry to move');
      expect(isMoved((await rowOf(held)).leaseUntil, heldUntil)).toBe(true);
      expect(Number((await rowOf(planned)).dueAt)).toBe(plannedAt);
      const [expanding] = await database().sql.rows<{ expandLeaseUntil: number }>(
        'SELECT expandLeaseUntil FROM notification WHERE id = ?',
        [begun],
      );
      expect(isMoved(Number(expanding?.expandLeaseUntil), expandedUntil)).toBe(true);
      read.mockRestore();
      await database().clock.synchronise();
      await relay.stop();
    },
  );

  test.each([2 * hourMs, -2 * hourMs])(
    'by %d ms leaves leases with their holders until those have learnt of it',
    async (byMs) => {
      let now = database().now();
      let elapsed = 0;
      let rounds = 0;
      let isAway = true;
      const rows: Database['sql']['rows'] = async (text, values) => {
        if (text.includes('deadAt IS NOT NULL')) rounds += 1;
        if (isAway) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
        return database().sql.rows(text, values);
      };
      const relay = await startRelay({
        database: { ...database(), sql: { ...database().sql, rows } },
        ...{ queue: openEmbeddedQueue(), log: silentLog, soleProcess: false, poll: true },
        ...{ now: () => now, monotonicNow: () => elapsed },
      });
      /** In steps, or else a statement that is under way would look like a slow one. */
      const pass = (isOver: () => boolean | Promise<boolean>) =>
        until(() => {
          elapsed += 1_000;
          return isOver();
        }, 'the time to come');
      // there was trouble by the time of before
      await until(() => rounds > 0, 'a round in vain');
      isAway = false;
      await pass(() => elapsed > 20_000);
      const read = jest.spyOn(database().clock, 'read' as never);
      read.mockImplementation((() => Date.now() + byMs) as never);
      await database().clock.synchronise();
      now += byMs;
      const id = await dispatch(await notification(now, null), now + hourMs, now - 1);
      const before = rounds;
      await pass(() => elapsed >= 90_000);
      await until(() => rounds > before + 1, 'a whole round');
      expect(await rowOf(id)).toMatchObject({ leaseOwner: 'worker' });
      await pass(async () => (await rowOf(id)).leaseOwner === null);
      read.mockRestore();
      await database().clock.synchronise();
      await relay.stop();
    },
  );
});

describeEachInProcess('a worker whose clock is set', (own) => {
  test('keeps what it holds back for as long as it would have', async () => {
    const { clock } = own.engine.database;
    const held = [PushServiceGates, KeyHolds, Comebacks].map(({ prototype }) =>
      jest.spyOn(prototype, 'moveWithClock'),
    );
    await own.engine.startWorker();
    const read = jest.spyOn(clock, 'read' as never);
    read.mockImplementation((() => Date.now() + 2 * hourMs) as never);
    await clock.synchronise();
    read.mockRestore();
    for (const move of held) {
      expect(Math.round(Number(move.mock.calls[0]?.[0]) / minuteMs)).toBe(120);
      move.mockRestore();
    }
  });
});

describeEachInProcess("a machine whose clock differs from the database's", (own) => {
  test.each([2 * hourMs, -2 * hourMs])('by %d ms sends what it should, with its TTL', async (byMs) => {
    const { clock } = own.engine.database;
    const userAgent = own.pushService.createUserAgent();
    const id = await own.engine.register(userAgent.subscribe(await own.engine.vapidPublicKey()));
    const read = jest.spyOn(clock, 'read' as never).mockImplementation((() => Date.now() + byMs) as never);
    await clock.synchronise();
    await own.engine.startWorker();
    await own.engine.send({ audience: { subscriptionIds: [id] }, ttlSeconds: 3_600 });
    const [message] = await userAgent.waitForMessages(1);
    read.mockRestore();
    expect(message?.ttlSeconds).toBeLessThanOrEqual(3_600);
    expect(message?.ttlSeconds).toBeGreaterThan(3_500);
  });
});
