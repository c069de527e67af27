import { silentLog } from '../../../src/observe/log';
import type { DispatchMessage } from '../../../src/queue/dispatchQueue';
import { describeRelay } from '../../support/engines/describeRelay';
import { until } from '../../support/until';

describeRelay('the relay', (own) => {
  const { start, insert, afterAnotherRound } = own;

  test('stops after the batch at hand, however much is due', async () => {
    for (let count = 0; count < 401; count += 1) await insert();
    let stopped: Promise<void> | undefined;
    jest.spyOn(own.queue, 'publish').mockImplementation(async (_lane, messages) => {
      stopped ??= relay.then(({ stop }) => stop());
      own.queue.published.push(...messages.map((message) => message.dispatchId));
      return [...messages];
    });
    const relay = start();
    await until(() => own.queue.published.length > 0, 'the first batch');
    await stopped;
    expect(own.queue.published).toHaveLength(200);
  });

  test('publishes what is due, and each once', async () => {
    const due = await Promise.all([insert(), insert(), insert()]);
    await start();
    await until(() => own.queue.published.length >= 3, 'three dispatches');
    await afterAnotherRound();
    expect(own.queue.published.slice(0, 3).sort()).toEqual(due.sort());
    expect(own.queue.published).toHaveLength(4);
  });

  test.each([
    ['not yet due', () => ({ dueAt: own.now + 60_000 })],
    ['published before', () => ({ publishedAt: own.now })],
    ['set aside', () => ({ deadAt: own.now })],
  ])('leaves what is %s', async (_what, change) => {
    await insert(change());
    await start();
    await afterAnotherRound();
    expect(own.queue.published).toHaveLength(1);
  });

  test('two relays do not publish the same dispatch', async () => {
    for (let count = 0; count < 60; count += 1) await insert();
    await Promise.all([start(), start()]);
    await until(() => own.queue.published.length >= 60, 'all to be published');
    expect(new Set(own.queue.published).size).toBe(own.queue.published.length);
  });

  test('what the broker did not confirm is due again', async () => {
    own.queue.refuses = true;
    // as an accepted notification's is, whose message follows the commit
    const id = await insert({ publishedAt: own.now });
    const relay = await start();
    expect(await relay.publishNow('bulk', [{ dispatchId: id, notificationId: 1 }])).toBe(0);
    own.queue.refuses = false;
    await until(() => own.queue.published.includes(id), 'the second try');
  });

  test('a queue that confirms nothing keeps neither the other lane nor expired leases waiting', async () => {
    let confirm = () => {};
    const publish = own.queue.publish.bind(own.queue);
    const bulk = jest.fn(
      () =>
        new Promise<DispatchMessage[]>((resolve) => {
          confirm = () => resolve([]);
        }),
    );
    jest
      .spyOn(own.queue, 'publish')
      .mockImplementation((lane, messages) => (lane === 'bulk' ? bulk() : publish(lane, messages)));
    await insert();
    await start();
    await until(() => bulk.mock.calls.length > 0, 'a publish of the bulk lane to hang');
    const one = await insert({}, 'transactional');
    const leased = await insert({ publishedAt: own.now - 60_000, leaseUntil: own.now - 1 }, 'transactional');
    own.now += 2_100;
    await until(() => own.queue.published.includes(one), 'the dispatch that is due');
    await until(() => own.queue.published.includes(leased), 'the dispatch of a dead worker');
    expect(bulk).toHaveBeenCalledTimes(1);
    confirm();
  });

  test('a lane in which much is due keeps neither the other lane nor expired leases waiting', async () => {
    for (let count = 0; count < 401; count += 1) await insert({}, 'transactional');
    const bulk = await insert();
    const leased = await insert({ publishedAt: own.now - 60_000, leaseUntil: own.now + 2_000 });
    own.queue.held.push({ dispatchId: leased, notificationId: 1 });
    const others = () => [bulk, leased].every((id) => own.queue.published.includes(id));
    const publish = own.queue.publish.bind(own.queue);
    let batches = 0;
    jest.spyOn(own.queue, 'publish').mockImplementation(async (lane, messages) => {
      // several at once must not look like a database that is slow
      own.now += 900;
      if (lane === 'transactional') batches += 1;
      // the rest of the lane is still due when the others must have had their turn
      if (lane === 'transactional' && batches === 3) await until(others, 'the others');
      return publish(lane, messages);
    });
    await start();
    await until(() => own.queue.published.length >= 403, 'everything to be published');
  });

  test('says once that dead letters have grown, and again when there are more', async () => {
    const error = jest.fn();
    own.queue.dead = 2;
    await start(false, { log: { ...silentLog, error } as unknown as typeof silentLog });
    await afterAnotherRound();
    await until(() => error.mock.calls.length === 1, 'the first line');
    own.now += 31_000;
    await afterAnotherRound();
    own.now += 31_000;
    own.queue.dead = 3;
    await until(() => error.mock.calls.length === 2, 'the second line');
    expect(error.mock.calls.map(([fields]) => fields)).toEqual([{ deadLetters: 2 }, { deadLetters: 3 }]);
  });
});
