/** The MariaDB server that tests may kill keeps what was committed. */

import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { describeWith } from '../../support/engines/available';
import { MariadbNode } from '../../support/servers/mariadbNode';

describeWith('mariadbd', 'a MariaDB of our own', () => {
  let node: MariadbNode;

  beforeAll(async () => {
    node = await MariadbNode.start();
  });

  afterAll(() => node?.remove());

  it('has after kill -9 what was committed before', async () => {
    const before = await createConnection(node.url('mysql'));
    before.on('error', () => undefined);
    await before.query('CREATE DATABASE fanfare_test');
    await before.query('CREATE TABLE fanfare_test.kept (id INT PRIMARY KEY) ENGINE=InnoDB');
    await before.query('INSERT INTO fanfare_test.kept VALUES (7)');
    await node.kill();
    await expect(createConnection(node.url('fanfare_test'))).rejects.toThrow('ECONNREFUSED');

    await node.start();
    const after = await createConnection(node.url('fanfare_test'));
    const [rows] = await after.query<RowDataPacket[]>('SELECT id FROM kept');
    await after.end();
    expect(rows).toEqual([{ id: 7 }]);
  });
});
