import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when an application is stopped, and which audited changes ended with a fault. */
export class StoppedApplications1763900000010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const isMysql = queryRunner.connection.options.type === 'mysql';
    const [big, flag] = isMysql ? ['BIGINT', 'TINYINT(1)'] : ['INTEGER', 'INTEGER'];
    await queryRunner.query(`ALTER TABLE application ADD COLUMN stoppedAt ${big} NULL`);
    await queryRunner.query(`ALTER TABLE audit_entry ADD COLUMN failed ${flag} NOT NULL DEFAULT 0`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE audit_entry DROP COLUMN failed');
    await queryRunner.query('ALTER TABLE application DROP COLUMN stoppedAt');
  }
}
