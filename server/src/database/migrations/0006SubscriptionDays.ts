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

const dayMs = 86_400_000;

/**
 * How many push subscriptions came and went on each day, at each push service. All that came less all that went are
 * those that live, so nothing has to be counted when somebody asks. `slot` spreads one busy day over several rows; day
 * 0 is what was before those that are kept.
 */
export class SubscriptionDays1763900000005 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const isMysql = queryRunner.connection.options.type === 'mysql';
    const t = isMysql ? mysql : sqlite;
    await queryRunner.query(`CREATE TABLE subscription_day (
      applicationId ${t.big} NOT NULL,
      day ${t.big} NOT NULL,
      pushService ${t.ascii(100)} NOT NULL,
      slot ${t.small} NOT NULL,
      created ${t.big} NOT NULL,
      retired ${t.big} NOT NULL,
      PRIMARY KEY (applicationId, day, pushService, slot)
    ) ${t.clustered}`);
    // the janitor looks for the oldest of all applications
    await queryRunner.query('CREATE INDEX subscription_day_oldest ON subscription_day (day, applicationId)');
    // no other process writes here before the migration is over: an interrupted run counts again from the start
    await queryRunner.query('DELETE FROM subscription_day');
    await queryRunner.query(`INSERT INTO subscription_day (applicationId, day, pushService, slot, created, retired)
      SELECT applicationId, day, pushService, 0, SUM(created), SUM(retired) FROM (
        SELECT applicationId, pushService, createdAt - createdAt % ${dayMs} AS day, 1 AS created, 0 AS retired
        FROM push_subscription
        UNION ALL
        SELECT applicationId, pushService, retiredAt - retiredAt % ${dayMs}, 0, 1
        FROM push_subscription WHERE retiredAt IS NOT NULL
      ) events GROUP BY applicationId, day, pushService`);
    await queryRunner.query(`DROP INDEX push_subscription_created${isMysql ? ' ON push_subscription' : ''}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'CREATE INDEX push_subscription_created ON push_subscription (applicationId, createdAt)',
    );
    await queryRunner.query('DROP TABLE subscription_day');
  }
}
