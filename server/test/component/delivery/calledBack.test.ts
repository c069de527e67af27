/** Messages that wait for an ill push service in a line of an hour do not wait for an hour once it is well. */
import { describeEachInProcess } from '../../support/engines/describeEachInProcess';
import { until } from '../../support/until';

jest.mock('../../../src/delivery/flow/comebacks', () => {
  const { Comebacks } = jest.requireActual('../../../src/delivery/flow/comebacks');
  return {
    Comebacks: class extends Comebacks {
      constructor() {
        super(Date.now, 20_000);
      }
    },
  };
});

const people = 200;

describeEachInProcess('messages that wait for an ill push service', (own) => {
  const count = async (statement: string) =>
    Number((await own.engine.database.sql.rows<{ size: number }>(statement))[0]?.size);

  test('are called when it is well again', async () => {
    own.pushService.script({ status: 503, headers: { 'retry-after': '3' } });
    const key = await own.engine.vapidPublicKey();
    await own.engine.startWorker();
    for (let person = 0; person < people; person += 1) {
      const id = await own.engine.register(own.pushService.createUserAgent().subscribe(key));
      await own.engine.send({ audience: { subscriptionIds: [id] } });
    }
    const anHour = Date.now() + 3_000_000;
    await until(() => count(`SELECT COUNT(*) AS size FROM dispatch WHERE dueAt > ${anHour}`), 'a long line');
    own.pushService.clearScripts();
    const accepted = 'SELECT COUNT(*) AS size FROM delivery WHERE status = 1';
    await until(async () => (await count(accepted)) === people, 'all of them to be accepted', 30_000);
  });
});
