/** After a restore all rows are numbered above whatever was lost, and everything still works with such numbers. */

import { createApiKey } from '../../../src/actions/apiKey/createApiKey';
import { beginEpoch, numberedTables } from '../../../src/database/beginEpoch';
import { insertion } from '../../../src/database/sql';
import { PublicIds } from '../../../src/model/ids/publicIds';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { ReceiptTokens } from '../../../src/secrets/receiptToken';
import { sendTo, subscribeOne } from '../../support/api/accessWorld';
import { startApiServer } from '../../support/api/apiServer';
import { seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

describeEachDatabase('a new epoch of row numbers', (database) => {
  test('every table that numbers its rows takes part', async () => {
    const numbered = await database().sql.rows<{ name: string }>(
      database().kind === 'mysql'
        ? `SELECT table_name AS name FROM information_schema.columns
           WHERE table_schema = DATABASE() AND extra = 'auto_increment'`
        : "SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'",
    );
    const names = numbered.map(({ name }) => name).filter((name) => name !== 'migration');
    expect(names.sort()).toEqual([...numberedTables]);
  });

  test('begins above every number of before, again and again', async () => {
    const before = await seedApplication(database());
    const first = await beginEpoch(database());
    expect(first).toBeGreaterThan(before.id);
    const application = await seedApplication(database());
    expect(application.id).toBe(first);
    const second = await beginEpoch(database());
    expect(second).toBeGreaterThan(first);
    expect((await seedApplication(database())).id).toBe(second);
  });

  test('rows that retention deleted do not come back either, with a clock that is behind', async () => {
    const first = await beginEpoch(database());
    const { id } = await seedApplication(database());
    await database().write((sql) => sql.run('DELETE FROM application WHERE id = ?', [id]));
    expect(id).toBe(first);
    const second = await beginEpoch(database(), database().now() - 3_600_000);
    expect(second).toBeGreaterThan(first + 2 ** 32);
  });

  test('in a table that never had a row, too', async () => {
    const first = await beginEpoch(database());
    const row = { applicationId: 1, apiKeyId: 1, at: 1, action: 'x' };
    const { insertId } = await database().sqlTransaction(async (sql) => {
      const [result] = await sql.commitWith([insertion('audit_entry', row)]);
      if (!result) throw new Error('Nothing was inserted.');
      return result;
    });
    expect(insertId).toBe(first);
    const [stored] = await database().sql.rows<{ id: number }>('SELECT id FROM audit_entry WHERE id = ?', [
      first,
    ]);
    expect(stored).toEqual({ id: first });
  });

  test('keys, browsers, notifications and dispatches work with the new numbers', async () => {
    const first = await beginEpoch(database());
    const api = await startApiServer(database());
    try {
      const application = await seedApplication(database());
      const { apiKey } = await createApiKey(
        { database: database() },
        { applicationId: application.id, name: 'k', kind: 'SECRET', scopes: [] },
      );
      expect(apiKey.id).toBeGreaterThanOrEqual(first);
      const subscriptionId = await subscribeOne(api, application, { userId: 'ada', tags: [] });
      const notificationId = await sendTo(api, application, 'ada');
      expect(api.ids.decodeOne('subscription', subscriptionId)).toBeGreaterThanOrEqual(first);
      expect(api.ids.decodeOne('notification', notificationId)).toBeGreaterThanOrEqual(first);
      expect(api.announced.at(-1)?.dispatchIds[0]).toBeGreaterThanOrEqual(first);
      const deliveries = 'deliveries(first: 5) { edges { node { id subscription { id } } } }';
      const answer = await api.call<{
        notification: { deliveries: { edges: { node: { id: string; subscription: { id: string } } }[] } };
      }>(application.admin, `{ notification(id: "${notificationId}") { ${deliveries} } }`);
      expect(answer.data?.notification.deliveries.edges.map(({ node }) => node.subscription.id)).toEqual([
        subscriptionId,
      ]);
    } finally {
      await api.stop();
    }
  });

  test.each([['v2:salt'], ['salt of an earlier version']])('ids and receipts name them: %s', async (salt) => {
    const number = (await beginEpoch(database())) + 5;
    const ids = new PublicIds(salt);
    expect(ids.decodeOne('notification', ids.encode('notification', number))).toBe(number);
    expect(ids.decode('delivery', ids.encode('delivery', number, number + 1))).toEqual([number, number + 1]);
    // the size of a payload is checked before its notification has a number
    expect(ids.encode('notification', number)).toHaveLength(ids.sampleNotification.length);
    const tokens = new ReceiptTokens(new MasterSecret('y'.repeat(32)));
    expect(tokens.read(tokens.issue(number, number + 1))).toEqual({
      notificationId: number,
      subscriptionId: number + 1,
    });
  });
});
