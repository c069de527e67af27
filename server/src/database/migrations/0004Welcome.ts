import type { MigrationInterface, QueryRunner } from 'typeorm';

const added = {
  application: {
    name: 'welcome',
    mysql: 'LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL',
    sqlite: 'TEXT NULL',
  },
  push_subscription: { name: 'welcomedAt', mysql: 'BIGINT NULL', sqlite: 'INTEGER NULL' },
};

/** What an application shows a browser for the first time, and when a browser was sent it. */
export class Welcome1763900000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const engine = queryRunner.connection.options.type === 'mysql' ? 'mysql' : 'sqlite';
    for (const [table, column] of Object.entries(added)) {
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column.name} ${column[engine]}`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [table, column] of Object.entries(added)) {
      await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${column.name}`);
    }
  }
}
