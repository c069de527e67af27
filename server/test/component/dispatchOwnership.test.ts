/** One dispatch, two workers: who may have it, and what happens when both write down what became of it. */
import { Delivery } from '../../src/database/entities/delivery';
import { Notification } from '../../src/database/entities/notification';
import { claimDispatch, setBackDispatch } from '../../src/delivery/claimDispatch';
import { recordSettlements } from '../../src/delivery/recordSettlements';
import type { Settlement } from '../../src/delivery/settlement';
import { describeEachInProcess } from '../support/describeEachInProcess';

describeEachInProcess('a dispatch', (own) => {
  /** A notification for two browsers that no worker has seen yet. */
  const dispatched = async () => {
    const subscriptionIds: number[] = [];
    for (let count = 0; count < 2; count += 1) {
      const browser = own.pushService.createUserAgent().subscribe(await own.engine.vapidPublicKey());
      subscriptionIds.push(await own.engine.register(browser, { userId: 'ada' }));
    }
    const notificationId = await own.engine.send({ audience: { userIds: ['ada'] } });
    const [row] = await own.engine.database.sql.rows<{ id: number }>('SELECT id FROM dispatch');
    return { dispatchId: row?.id ?? 0, notificationId, subscriptionIds };
  };
  const claim = (dispatchId: number, owner: string, now = Date.now()) =>
    claimDispatch(own.engine.database, dispatchId, { owner, until: now + 10_000 }, now);

  test('belongs to one worker until its lease runs out', async () => {
    const { dispatchId } = await dispatched();
    expect(await claim(dispatchId, 'first')).toMatchObject({ id: dispatchId, claims: 1 });
    expect(await claim(dispatchId, 'second')).toBeUndefined();
    expect(await claim(dispatchId, 'first')).toBeUndefined();
    expect(await claim(dispatchId, 'second', Date.now() + 11_000)).toMatchObject({ claims: 2 });
  });

  test('is not begun before it is due', async () => {
    const { dispatchId } = await dispatched();
    await own.engine.database.write((sql) => sql.run('UPDATE dispatch SET dueAt = dueAt + 60000'));
    expect(await claim(dispatchId, 'first')).toBeUndefined();
    expect(await claim(dispatchId, 'first', Date.now() + 60_000)).toBeDefined();
  });

  test('stays with its new worker when the one before it gives it back too late', async () => {
    const { dispatchId } = await dispatched();
    const dispatch = await claim(dispatchId, 'first');
    if (!dispatch) throw new Error('The dispatch was not to be had.');
    await claim(dispatchId, 'second', Date.now() + 11_000);
    const setBackTo = { dueAt: Date.now() + 60_000, reason: 'stuck', owner: 'first' };
    await recordSettlements(own.engine.database, dispatch, [], Date.now(), setBackTo);
    await setBackDispatch(own.engine.database, dispatchId, setBackTo);
    const [row] = await own.engine.database.sql.rows<{ leaseOwner: string }>('SELECT * FROM dispatch');
    expect(row).toMatchObject({ leaseOwner: 'second', deadReason: null });
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
