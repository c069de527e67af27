import type { MigrationInterface, QueryRunner } from 'typeorm';

const mysql = {
  big: 'BIGINT',
  small: 'SMALLINT',
  ascii: (length: number) => `VARCHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin`,
  clustered: 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin',
};

const sqlite: typeof mysql = {
  big: 'INTEGER',
  small: 'INTEGER',
  ascii: () => 'TEXT',
  clustered: 'WITHOUT ROWID',
};

/** Outcomes of whole days, which the janitor makes of `outcome_hour` once nobody asks for their hours any more. */
export class OutcomeDays1763900000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const t = queryRunner.connection.options.type === 'mysql' ? mysql : sqlite;
    await queryRunner.query(`CREATE TABLE outcome_day (
      applicationId ${t.big} NOT NULL,
      day ${t.big} NOT NULL,
      apiKeyId ${t.big} NOT NULL,
      pushService ${t.ascii(100)} NOT NULL,
      status ${t.small} NOT NULL,
      reason ${t.ascii(40)} NOT NULL,
      deliveries ${t.big} NOT NULL,
      PRIMARY KEY (applicationId, day, apiKeyId, pushService, status, reason)
    ) ${t.clustered}`);
    // the janitor looks for the oldest of all applications
    await queryRunner.query('CREATE INDEX outcome_day_oldest ON outcome_day (day, applicationId)');
    await queryRunner.query('CREATE INDEX outcome_hour_oldest ON outcome_hour (hour, applicationId)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const isMysql = queryRunner.connection.options.type === 'mysql';
    await queryRunner.query(`DROP INDEX outcome_hour_oldest${isMysql ? ' ON outcome_hour' : ''}`);
    await queryRunner.query('DROP TABLE outcome_day');
  }
}
