import type { MigrationInterface, QueryRunner } from 'typeorm';

const types = {
  mysql: { json: 'LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL', big: 'BIGINT' },
  sqlite: { json: 'TEXT NULL', big: 'INTEGER' },
};

/**
 * Which tags pages cannot set, how many push subscriptions an application may have, and after how long broadcasts leave
 * a browser out. `subscriber_lock` has rows to lock while the push subscriptions of a user are counted.
 */
export class AudienceSettings1763900000009 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const isMysql = queryRunner.connection.options.type === 'mysql';
    const t = types[isMysql ? 'mysql' : 'sqlite'];
    const columns = [
      `protectedTags ${t.json}`,
      `subscriptionsMost ${t.big} NULL`,
      `staleAfterDays ${t.big} NULL`,
    ];
    for (const column of columns) {
      await queryRunner.query(`ALTER TABLE application ADD COLUMN ${column}`);
    }
    await queryRunner.query(
      `CREATE TABLE subscriber_lock (applicationId ${t.big} NOT NULL, slot ${t.big} NOT NULL, PRIMARY KEY (applicationId, slot))
       ${isMysql ? 'ENGINE=InnoDB' : 'WITHOUT ROWID'}`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE subscriber_lock');
    for (const column of ['protectedTags', 'subscriptionsMost', 'staleAfterDays']) {
      await queryRunner.query(`ALTER TABLE application DROP COLUMN ${column}`);
    }
  }
}
