import type { MigrationInterface, QueryRunner } from 'typeorm';

const mysql = { big: 'BIGINT', int: 'INT', on: ' ON push_subscription', clustered: 'ENGINE=InnoDB' };
const sqlite: typeof mysql = { big: 'INTEGER', int: 'INTEGER', on: '', clustered: 'WITHOUT ROWID' };

/**
 * Push subscriptions for which no push service has accepted a message yet, and how workers fare with one application
 * at a push service. Rows from before this migration count as accepted. `push_service_state` holds only what running
 * workers last said, so it is made again instead of changing its key.
 */
export class NeverAccepted1763900000007 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const t = typesOf(queryRunner);
    for (const column of [
      `neverAcceptedSince ${t.big} NULL`,
      `sendsWithoutAccept ${t.int} NOT NULL DEFAULT 0`,
    ]) {
      await queryRunner.query(`ALTER TABLE push_subscription ADD COLUMN ${column}`);
    }
    await queryRunner.query(
      'CREATE INDEX push_subscription_never_accepted ON push_subscription (retiredAt, neverAcceptedSince)',
    );
    await queryRunner.query(`DROP INDEX push_subscription_retired${t.on}`);
    await makeStateTable(queryRunner, 'applicationId');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { on } = typesOf(queryRunner);
    await queryRunner.query('CREATE INDEX push_subscription_retired ON push_subscription (retiredAt)');
    await queryRunner.query(`DROP INDEX push_subscription_never_accepted${on}`);
    for (const column of ['neverAcceptedSince', 'sendsWithoutAccept']) {
      await queryRunner.query(`ALTER TABLE push_subscription DROP COLUMN ${column}`);
    }
    await makeStateTable(queryRunner);
  }
}

function typesOf(queryRunner: QueryRunner): typeof mysql {
  return queryRunner.connection.options.type === 'mysql' ? mysql : sqlite;
}

/** @param more a further column of the key; 0 by default, so that workers of the release before can still write */
async function makeStateTable(queryRunner: QueryRunner, more?: string): Promise<void> {
  const { big, clustered } = typesOf(queryRunner);
  const isMysql = clustered === mysql.clustered;
  const ascii = (length: number) =>
    isMysql ? `VARCHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin` : 'TEXT';
  await queryRunner.query('DROP TABLE push_service_state');
  await queryRunner.query(`CREATE TABLE push_service_state (
    worker ${ascii(36)} NOT NULL,
    pushService ${ascii(100)} NOT NULL,
    ${more ? `${more} ${big} NOT NULL DEFAULT 0,` : ''}
    state ${ascii(10)} NOT NULL,
    concurrencyLimit ${big} NOT NULL,
    underWay ${big} NOT NULL,
    waiting ${big} NOT NULL,
    reopensAt ${big} NULL,
    attemptsPerMinute ${big} NOT NULL,
    updatedAt ${big} NOT NULL,
    PRIMARY KEY (worker, pushService${more ? `, ${more}` : ''})
  ) ${clustered}${isMysql ? ' DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin' : ''}`);
}
