import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a dispatch waits for, and when a pause of a push service was ended before its time. */
export class PushServicePauses1763900000013 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const isMysql = queryRunner.connection.options.type === 'mysql';
    const [name, held] = isMysql
      ? [
          'VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin',
          'VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin',
        ]
      : ['TEXT', 'TEXT'];
    await queryRunner.query(`ALTER TABLE dispatch ADD COLUMN heldBy ${held} NULL`);
    await queryRunner.query(`CREATE TABLE push_service_resumption (
      name ${name} NOT NULL,
      applicationId BIGINT NOT NULL,
      resumedAt BIGINT NOT NULL,
      PRIMARY KEY (name, applicationId)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE push_service_resumption');
    await queryRunner.query('ALTER TABLE dispatch DROP COLUMN heldBy');
  }
}
