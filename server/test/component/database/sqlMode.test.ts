/** A MySQL or MariaDB server may have rules of its own for SQL; our statements mean the same on all. */

import { createConnection } from 'mysql2/promise';
import { type Database, openDatabase } from '../../../src/database/openDatabase';
import { insertion } from '../../../src/database/sql';
import { describeWith } from '../../support/engines/available';
import { freshMysql } from '../../support/engines/freshDatabase';
import { MariadbNode } from '../../support/servers/mariadbNode';

describeWith('mariadbd', 'a server whose sql_mode changes what a statement means', () => {
  let node: MariadbNode;
  let database: Database;

  beforeAll(async () => {
    node = await MariadbNode.start();
    const admin = await createConnection(node.url('mysql'));
    await admin.query("SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT'");
    await admin.end();
    database = await openDatabase((await freshMysql(node.serverUrl)).target);
    await database.migrate();
  });

  afterAll(async () => {
    await database?.close();
    await node?.remove();
  });

  test.each(['\\', "\\'", "\\'); DELETE FROM setting; -- ", '"', "'"])(
    'stores %j as it is',
    async (value) => {
      const sql = 'SELECT value FROM setting WHERE name = ?';
      await database.write((each) => each.run('DELETE FROM setting'));
      await database.sqlTransaction((tx) => tx.commitWith([insertion('setting', { name: 'it', value })]));
      expect(await database.sql.rows(sql, ['it'])).toEqual([{ value }]);
      await database.entities.query('UPDATE setting SET value = ? WHERE name = ?', [`${value}!`, 'it']);
      expect(await database.sql.rows(sql, ['it'])).toEqual([{ value: `${value}!` }]);
    },
  );

  test('refuses what is too long for its column, and cuts nothing', async () => {
    const tooLong = { name: 'n'.repeat(41), value: '' };
    await expect(database.write((each) => each.batch([insertion('setting', tooLong)]))).rejects.toMatchObject(
      { code: 'ER_DATA_TOO_LONG' },
    );
  });
});
