import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { type MysqlTarget, mysqlOptions } from './mysql/mysqlOptions';

/**
 * Who else is connected to a MySQL database, as `user@host`. A user without the PROCESS privilege sees connections of its
 * own name only, which is the one that Fanfare's processes share.
 */
export async function otherConnections(target: MysqlTarget): Promise<string[]> {
  const connection = await createConnection(mysqlOptions(target));
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT user AS name, host AS host FROM information_schema.processlist
       WHERE db = DATABASE() AND id <> CONNECTION_ID()`,
    );
    return rows.map(({ name, host }) => `${name}@${host}`);
  } finally {
    await connection.end();
  }
}
