/** One dispatch, two workers: who may have it, and what happens when both write down what became of it. */
import { Delivery } from '../../../src/database/entities/delivery';
import { Notification } from '../../../src/database/entities/notification';
import { claimDispatch, deferDispatch, setBackDispatch } from '../../../src/delivery/claimDispatch';
import { LeaseKeeper } from '../../../src/delivery/leaseKeeper';
import type { Settlement } from '../../../src/delivery/outcome/settlement';
import { recordSettlements } from '../../../src/delivery/recordSettlements';
import { silentLog } from '../../../src/observe/log';
import { describeEachInProcess } from '../../support/engines/describeEachInProcess';
import { until } from '../../support/until';

describeEachInProcess('a dispatch', (own) => {
  /** A notification for some browsers that no worker has seen yet. */
  const dispatched = async (browsers = 2) => {
    const subscriptionIds: number[] = [];
    for (let count = 0; count < browsers; count += 1) {
      const browser = own.pushService.createUserAgent().subscribe(await own.engine.vapidPublicKey());
      subscriptionIds.push(await own.engine.register(browser, { userId: 'ada' }));
    }
    const notificationId = await own.engine.send({ audience: { subscriptionIds } });
    const [row] = await own.engine.database.sql.rows<{ id: number }>(
      'SELECT id FROM dispatch WHERE notificationId = ?',
      [notificationId],
    );
    return { dispatchId: row?.id ?? 0, notificationId, subscriptionIds };
  };
  const claim = (dispatchId: number, owner: string, now = Date.now()) =>
    claimDispatch(own.engine.database, dispatchId, { owner, until: now + 10_000 }, now);
  const targetsOf = async (dispatchId: number, now?: number) =>
    (await claim(dispatchId, 'next', now))?.targets?.map(({ subscriptionId }) => subscriptionId);
  const leaseOf = async (dispatchId: number) => {
    const [row] = await own.engine.database.sql.rows<{ leaseUntil: number | null; claims: number }>(
      'SELECT leaseUntil, claims FROM dispatch WHERE id = ?',
      [dispatchId],
    );
    return { claims: row?.claims, until: Number(row?.leaseUntil) };
  };

  test('belongs to one worker until its lease runs out', async () => {
    const { dispatchId } = await dispatched();
    expect(await claim(dispatchId, 'first')).toMatchObject({ id: dispatchId, claims: 1 });
    expect(await claim(dispatchId, 'second')).toBeUndefined();
    expect(await claim(dispatchId, 'first')).toBeUndefined();
    expect(await claim(dispatchId, 'second', Date.now() + 11_000)).toMatchObject({ claims: 1, deaths: 1 });
  });

  test('is begun when it is published, whatever the clock says', async () => {
    const { dispatchId } = await dispatched();
    expect(await claim(dispatchId, 'first', Date.now() - 3_600_000)).toBeDefined();
  });

  test('is not begun before it is published or due', async () => {
    const { dispatchId } = await dispatched();
    await own.engine.database.write((sql) =>
      sql.run('UPDATE dispatch SET dueAt = dueAt + 60000, publishedAt = NULL'),
    );
    expect(await claim(dispatchId, 'first')).toBeUndefined();
    expect(await claim(dispatchId, 'first', Date.now() + 60_000)).toBeDefined();
  });

  test('stays with its new worker when the one before it gives it back too late', async () => {
    const { dispatchId } = await dispatched();
    const dispatch = await claim(dispatchId, 'first');
    if (!dispatch) throw new Error('The dispatch was not to be had.');
    await claim(dispatchId, 'second', Date.now() + 11_000);
    const setBackTo = { dueAt: Date.now() + 60_000, deadAt: null, reason: 'stuck', owner: 'first' };
    await recordSettlements(own.engine.database, dispatch, [], Date.now(), setBackTo);
    await setBackDispatch(own.engine.database, dispatchId, setBackTo);
    await deferDispatch(own.engine.database, dispatch, { ...setBackTo, heldBy: null }, Date.now());
    const [row] = await own.engine.database.sql.rows<{ leaseOwner: string }>('SELECT * FROM dispatch');
    expect(row).toMatchObject({ leaseOwner: 'second', deadReason: null, claims: 1, deaths: 1 });
  });

  test('stays with its worker for longer than a lease while a push service takes its time', async () => {
    own.pushService.script({ stall: true });
    const { dispatchId } = await dispatched();
    await own.engine.startWorker();
    const first = await until(async () => (await leaseOf(dispatchId)).until, 'the claim');
    const renewed = await until(async () => {
      const lease = await leaseOf(dispatchId);
      return lease.until > first ? lease : undefined;
    }, 'a longer lease');
    expect(renewed.claims).toBe(1);
  });

  test('is not held for another worker by the one that has lost it', async () => {
    const [{ dispatchId: kept }, { dispatchId: lost }] = [await dispatched(), await dispatched()];
    const first = new LeaseKeeper(own.engine.database, 'first', 60, silentLog);
    await claim(kept, 'first');
    await claim(lost, 'second');
    const before = { kept: await leaseOf(kept), lost: await leaseOf(lost) };
    first.hold(kept, first.time);
    first.hold(lost, first.time);
    await until(async () => (await leaseOf(kept)).until !== before.kept.until, 'a renewal');
    first.stop();
    expect(await leaseOf(lost)).toEqual(before.lost);
  });

  test('is posted nothing of while its lease may have run out', async () => {
    const [{ dispatchId: kept }, { dispatchId: lost }] = [await dispatched(), await dispatched()];
    const stoodStillFor = 12_000;
    for (const dispatchId of [kept, lost]) await claim(dispatchId, 'first');
    const first = new LeaseKeeper(own.engine.database, 'first', 10_000, silentLog);
    for (const [monotonicMs, wallMs] of [
      [performance.now() - stoodStillFor, Date.now()],
      [performance.now(), Date.now() - stoodStillFor],
    ] as const) {
      first.hold(kept, { monotonicMs, wallMs });
      expect(first.isValid(kept)).toBe(false);
    }
    first.hold(kept, first.time);
    expect(first.isValid(kept)).toBe(true);
    first.stop();
    const quick = new LeaseKeeper(own.engine.database, 'first', 60, silentLog);
    const ranOut = { monotonicMs: performance.now() - 61, wallMs: Date.now() };
    for (const dispatchId of [kept, lost]) quick.hold(dispatchId, ranOut);
    await claim(lost, 'second', Date.now() + 11_000);
    // renewed where it is still this worker's
    await until(() => quick.isValid(kept), 'a renewal');
    expect(quick.isValid(lost)).toBe(false);
    quick.stop();
  });

  test('that another worker has taken over goes on there alone; what has ended is written', async () => {
    const { dispatchId, subscriptionIds } = await dispatched(3);
    const [accepted = 0, failed = 0, notAttempted = 0] = subscriptionIds;
    const dispatch = await claim(dispatchId, 'first');
    if (!dispatch) throw new Error('The dispatch was not to be had.');
    await claim(dispatchId, 'second', Date.now() + 11_000);
    const now = Date.now();
    const common = { attempted: true, attempt: 1, at: now };
    await recordSettlements(
      own.engine.database,
      dispatch,
      [
        { ...common, subscriptionId: accepted, next: { status: 'ACCEPTED' }, reason: 'accepted' },
        { ...common, subscriptionId: failed, next: { dueAt: now }, reason: 'unavailable' },
        {
          ...common,
          subscriptionId: notAttempted,
          next: { dueAt: now },
          reason: 'deferred',
          attempted: false,
        },
      ],
      now,
    );
    const rows = await own.engine.database.sql.rows<{ leaseOwner: string }>(
      'SELECT leaseOwner FROM dispatch',
    );
    expect(rows).toEqual([{ leaseOwner: 'second' }]);
    const pending = await own.engine.database.sql.rows<{ subscriptionId: number; attempts: number }>(
      'SELECT subscriptionId, attempts FROM delivery WHERE dispatchId = ? AND status = 0 ORDER BY subscriptionId',
      [dispatchId],
    );
    expect(pending.map(({ subscriptionId, attempts }) => [subscriptionId, attempts])).toEqual(
      [failed, notAttempted].map((subscriptionId) => [subscriptionId, 0]),
    );
    expect(await own.engine.database.sql.rows('SELECT * FROM attempt')).toEqual([]);
  });

  test('that stays for what could not be sent hands out neither what ended nor what moved on', async () => {
    const { dispatchId, subscriptionIds } = await dispatched(3);
    const [accepted = 0, later = 0, stuck = 0] = subscriptionIds;
    const dispatch = await claim(dispatchId, 'first');
    if (!dispatch) throw new Error('The dispatch was not to be had.');
    const now = Date.now();
    const common = { attempted: true, attempt: 1, at: now };
    await recordSettlements(
      own.engine.database,
      dispatch,
      [
        { ...common, subscriptionId: accepted, next: { status: 'ACCEPTED' }, reason: 'accepted' },
        { ...common, subscriptionId: later, next: { dueAt: now + 60_000 }, reason: 'unavailable' },
      ],
      now,
      { dueAt: now, deadAt: null, reason: 'stuck', owner: 'first' },
    );
    const rows = await own.engine.database.sql.rows<{ id: number }>('SELECT id FROM dispatch ORDER BY id');
    const [stays = 0, retry = 0] = rows.map(({ id }) => id);
    expect(await targetsOf(stays)).toEqual([stuck]);
    expect(await targetsOf(retry, now + 60_000)).toEqual([later]);
  });

  test('whose outcomes are written twice counts once, and settled deliveries stay as they are', async () => {
    const { dispatchId, notificationId, subscriptionIds } = await dispatched();
    const dispatch = await claim(dispatchId, 'first');
    if (!dispatch) throw new Error('The dispatch was not to be had.');
    const settled = (status: 'ACCEPTED' | 'GONE'): Settlement[] =>
      subscriptionIds.map((subscriptionId) => ({
        ...{ subscriptionId, next: { status }, attempted: true, attempt: 1, at: Date.now() },
        reason: status === 'ACCEPTED' ? 'accepted' : 'unknown-subscription',
      }));
    await recordSettlements(own.engine.database, dispatch, settled('ACCEPTED'), Date.now());
    await recordSettlements(own.engine.database, dispatch, settled('ACCEPTED'), Date.now());
    await recordSettlements(own.engine.database, dispatch, settled('GONE'), Date.now());
    expect(
      await own.engine.database.entities.findOneByOrFail(Notification, { id: notificationId }),
    ).toMatchObject({ targeted: 2, accepted: 2, gone: 0, status: 'COMPLETED' });
    const deliveries = await own.engine.database.entities.findBy(Delivery, { notificationId });
    expect(deliveries.map(({ attempts, reason }) => [attempts, reason])).toEqual([
      [1, 'accepted'],
      [1, 'accepted'],
    ]);
  });
});
