import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often a dispatch's worker died, and whether it was claimed with nothing else under way. */
export class DispatchDeaths1763900000011 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const isMysql = queryRunner.connection.options.type === 'mysql';
    const [count, flag] = isMysql ? ['INT', 'TINYINT(1)'] : ['INTEGER', 'INTEGER'];
    await queryRunner.query(`ALTER TABLE dispatch ADD COLUMN deaths ${count} NOT NULL DEFAULT 0`);
    await queryRunner.query(`ALTER TABLE dispatch ADD COLUMN isAlone ${flag} NOT NULL DEFAULT 0`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE dispatch DROP COLUMN isAlone');
    await queryRunner.query('ALTER TABLE dispatch DROP COLUMN deaths');
  }
}
