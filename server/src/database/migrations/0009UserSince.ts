import type { MigrationInterface, QueryRunner } from 'typeorm';

const types = { mysql: 'BIGINT', sqlite: 'INTEGER' };

/**
 * Since when a push subscription belongs to its user, when it last stopped belonging to one, and since when a receipt
 * verifies it. Older rows do not record when their user changed, so they count as their user's from this migration on:
 * nothing sent earlier is attributed to anybody. The default is a literal, which both engines add without a rewrite.
 */
export class UserSince1763900000008 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const type = types[queryRunner.connection.options.type === 'mysql' ? 'mysql' : 'sqlite'];
    const columns = [
      `userSince ${type} NOT NULL DEFAULT ${Date.now()}`,
      `userLeftAt ${type} NULL`,
      `unverifiedSince ${type} NULL`,
    ];
    for (const column of columns) {
      await queryRunner.query(`ALTER TABLE push_subscription ADD COLUMN ${column}`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const column of ['userSince', 'userLeftAt', 'unverifiedSince']) {
      await queryRunner.query(`ALTER TABLE push_subscription DROP COLUMN ${column}`);
    }
  }
}
