import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each with what it serves; `id` and the rest of a primary key are in every index anyway, here they give its order. */
const added = {
  // deliveries to a browser, newest first
  delivery_subscription: 'delivery (subscriptionId, notificationId)',
  // notifications of an application, newest first, also those of one key
  notification_newest: 'notification (applicationId, id, apiKeyId)',
  // notifications of a period, also those of one key
  notification_made: 'notification (applicationId, createdAt, apiKeyId)',
  // who can be reached, page by page, without reading the subscriptions themselves
  push_subscription_reachable: 'push_subscription (applicationId, retiredAt, id, pushService, verifiedAt)',
};

/** What the ones above take the place of. */
const replaced = {
  notification_created: 'notification (applicationId, createdAt)',
  push_subscription_live: 'push_subscription (applicationId, retiredAt, pushService)',
};

/** Indexes for millions of rows: whatever is asked for one person or one page reads only its own rows. */
export class LargeTables1763900000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createAll(queryRunner, added);
    await dropAll(queryRunner, replaced);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await createAll(queryRunner, replaced);
    await dropAll(queryRunner, added);
  }
}

async function createAll(queryRunner: QueryRunner, indexes: Record<string, string>): Promise<void> {
  for (const [name, columns] of Object.entries(indexes)) {
    await queryRunner.query(`CREATE INDEX ${name} ON ${columns}`);
  }
}

async function dropAll(queryRunner: QueryRunner, indexes: Record<string, string>): Promise<void> {
  const isMysql = queryRunner.connection.options.type === 'mysql';
  for (const [name, columns] of Object.entries(indexes)) {
    await queryRunner.query(`DROP INDEX ${name}${isMysql ? ` ON ${columns.split(' ')[0]}` : ''}`);
  }
}
