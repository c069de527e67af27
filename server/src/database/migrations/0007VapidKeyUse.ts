import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who still uses an application server key: shown beside it, and asked before it is retired. */
export class VapidKeyUse1763900000006 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'CREATE INDEX push_subscription_vapid_key ON push_subscription (vapidKeyId, retiredAt)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const isMysql = queryRunner.connection.options.type === 'mysql';
    await queryRunner.query(
      `DROP INDEX push_subscription_vapid_key${isMysql ? ' ON push_subscription' : ''}`,
    );
  }
}
