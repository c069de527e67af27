import type { MigrationInterface, QueryRunner } from 'typeorm';

interface Types {
  big: string;
  small: string;
  ascii(length: number): string;
  clustered: string;
}

const mysql: Types = {
  big: 'BIGINT',
  small: 'SMALLINT',
  ascii: (length) => `VARCHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin`,
  clustered: 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin',
};

const sqlite: Types = { big: 'INTEGER', small: 'INTEGER', ascii: () => 'TEXT', clustered: 'WITHOUT ROWID' };

const indexes = {
  push_subscription_live: 'push_subscription (applicationId, retiredAt, pushService)',
  push_subscription_created: 'push_subscription (applicationId, createdAt)',
  notification_created: 'notification (applicationId, createdAt)',
};

/**
 * Counts that grow with the outcomes, so that no statistic reads delivery rows:
 *   outcome_hour          every outcome of an hour; `slot` spreads one busy hour over several rows
 *   notification_outcome  every outcome of a broadcast; a notification to named people is counted when asked
 *   push_service_state    what each worker last said of its gates
 */
export class Statistics1763900000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const types = queryRunner.connection.options.type === 'mysql' ? mysql : sqlite;
    for (const statement of tables(types)) await queryRunner.query(statement);
    for (const [name, columns] of Object.entries(indexes)) {
      await queryRunner.query(`CREATE INDEX ${name} ON ${columns}`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const isMysql = queryRunner.connection.options.type === 'mysql';
    for (const [name, columns] of Object.entries(indexes)) {
      await queryRunner.query(`DROP INDEX ${name}${isMysql ? ` ON ${columns.split(' ')[0]}` : ''}`);
    }
    for (const table of ['push_service_state', 'notification_outcome', 'outcome_hour']) {
      await queryRunner.query(`DROP TABLE ${table}`);
    }
  }
}

function tables(t: Types): string[] {
  return [
    `CREATE TABLE outcome_hour (
      applicationId ${t.big} NOT NULL,
      hour ${t.big} NOT NULL,
      slot ${t.small} NOT NULL,
      apiKeyId ${t.big} NOT NULL,
      pushService ${t.ascii(100)} NOT NULL,
      status ${t.small} NOT NULL,
      reason ${t.ascii(40)} NOT NULL,
      deliveries ${t.big} NOT NULL,
      PRIMARY KEY (applicationId, hour, slot, apiKeyId, pushService, status, reason)
    ) ${t.clustered}`,
    `CREATE TABLE notification_outcome (
      notificationId ${t.big} NOT NULL,
      pushService ${t.ascii(100)} NOT NULL,
      status ${t.small} NOT NULL,
      reason ${t.ascii(40)} NOT NULL,
      deliveries ${t.big} NOT NULL,
      PRIMARY KEY (notificationId, pushService, status, reason)
    ) ${t.clustered}`,
    `CREATE TABLE push_service_state (
      worker ${t.ascii(36)} NOT NULL,
      pushService ${t.ascii(100)} NOT NULL,
      state ${t.ascii(10)} NOT NULL,
      concurrencyLimit ${t.big} NOT NULL,
      underWay ${t.big} NOT NULL,
      waiting ${t.big} NOT NULL,
      reopensAt ${t.big} NULL,
      attemptsPerMinute ${t.big} NOT NULL,
      updatedAt ${t.big} NOT NULL,
      PRIMARY KEY (worker, pushService)
    ) ${t.clustered}`,
  ];
}
