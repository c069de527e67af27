import type { MigrationInterface, QueryRunner } from 'typeorm';

interface Types {
  identity: string;
  big: string;
  small: string;
  bytes(length: number): string;
  ascii(length: number): string;
  text(length: number): string;
  json: string;
  table: string;
  clustered: string;
}

const mysql: Types = {
  identity: 'BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY',
  big: 'BIGINT',
  small: 'SMALLINT',
  bytes: (length) => `VARBINARY(${length})`,
  ascii: (length) => `VARCHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin`,
  text: (length) => `VARCHAR(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  json: 'LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  table: 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin',
  clustered: 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin',
};

const sqlite: Types = {
  identity: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  big: 'INTEGER',
  small: 'INTEGER',
  bytes: () => 'BLOB',
  ascii: () => 'TEXT',
  text: () => 'TEXT',
  json: 'TEXT',
  table: '',
  clustered: 'WITHOUT ROWID',
};

const tables = [
  'setting',
  'attempt',
  'delivery',
  'dispatch',
  'notification',
  'subscription_tag',
  'push_subscription',
  'rate_window',
  'audit_entry',
  'vapid_key',
  'api_key',
  'application',
];

/** All tables of the first release. Times are milliseconds since 1970. */
export class Initial1763900000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const types = queryRunner.connection.options.type === 'mysql' ? mysql : sqlite;
    for (const statement of [
      ...accountTables(types),
      ...subscriptionTables(types),
      ...deliveryTables(types),
    ]) {
      await queryRunner.query(statement);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of tables) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

function accountTables(t: Types): string[] {
  return [
    `CREATE TABLE setting (name ${t.ascii(40)} NOT NULL PRIMARY KEY, value ${t.text(200)} NOT NULL) ${t.table}`,
    `CREATE TABLE application (
      id ${t.identity},
      name ${t.text(100)} NOT NULL,
      requireUserProof ${t.small} NOT NULL,
      userProofSecret ${t.bytes(512)} NULL,
      userProofPublicKey ${t.ascii(1000)} NULL,
      allowedOrigins ${t.json} NULL,
      requestsPerMinute ${t.big} NULL,
      subscriptionsPerUser ${t.big} NULL,
      verifySubscriptions ${t.small} NOT NULL DEFAULT 0,
      redactContent ${t.small} NOT NULL DEFAULT 0,
      createdAt ${t.big} NOT NULL
    ) ${t.table}`,
    'CREATE UNIQUE INDEX application_name ON application (name)',
    `CREATE TABLE api_key (
      id ${t.identity},
      applicationId ${t.big} NOT NULL,
      name ${t.text(100)} NOT NULL,
      kind ${t.ascii(12)} NOT NULL,
      scopes ${t.ascii(200)} NOT NULL,
      secretHash ${t.bytes(32)} NOT NULL,
      createdAt ${t.big} NOT NULL,
      lastUsedAt ${t.big} NULL,
      revokedAt ${t.big} NULL
    ) ${t.table}`,
    'CREATE UNIQUE INDEX api_key_secret ON api_key (secretHash)',
    `CREATE TABLE audit_entry (
      id ${t.identity},
      applicationId ${t.big} NOT NULL,
      apiKeyId ${t.big} NOT NULL,
      at ${t.big} NOT NULL,
      action ${t.ascii(40)} NOT NULL,
      subject ${t.text(100)} NULL
    ) ${t.table}`,
    'CREATE INDEX audit_entry_application ON audit_entry (applicationId, id)',
    `CREATE TABLE vapid_key (
      id ${t.identity},
      applicationId ${t.big} NOT NULL,
      publicKey ${t.ascii(87)} NOT NULL,
      sealedPrivateKey ${t.bytes(128)} NOT NULL,
      createdAt ${t.big} NOT NULL,
      retiredAt ${t.big} NULL
    ) ${t.table}`,
    'CREATE INDEX vapid_key_application ON vapid_key (applicationId)',
    `CREATE TABLE rate_window (
      bucket ${t.ascii(100)} NOT NULL PRIMARY KEY,
      startedAt ${t.big} NOT NULL,
      taken ${t.big} NOT NULL
    ) ${t.table}`,
    'CREATE INDEX rate_window_started ON rate_window (startedAt)',
  ];
}

function subscriptionTables(t: Types): string[] {
  return [
    `CREATE TABLE push_subscription (
      id ${t.identity},
      applicationId ${t.big} NOT NULL,
      endpointHash ${t.bytes(32)} NOT NULL,
      endpoint ${t.ascii(2048)} NOT NULL,
      p256dh ${t.bytes(65)} NOT NULL,
      sealedAuth ${t.bytes(64)} NOT NULL,
      vapidKeyId ${t.big} NOT NULL,
      pushService ${t.ascii(100)} NOT NULL,
      userId ${t.text(255)} NULL,
      locale ${t.ascii(35)} NULL,
      timeZone ${t.ascii(64)} NULL,
      expirationTime ${t.big} NULL,
      createdAt ${t.big} NOT NULL,
      lastSeenAt ${t.big} NOT NULL,
      version ${t.big} NOT NULL,
      verifiedAt ${t.big} NULL,
      retiredAt ${t.big} NULL,
      retiredReason ${t.ascii(40)} NULL
    ) ${t.table}`,
    'CREATE UNIQUE INDEX push_subscription_endpoint ON push_subscription (endpointHash, applicationId)',
    'CREATE INDEX push_subscription_retired ON push_subscription (retiredAt)',
    'CREATE INDEX push_subscription_user ON push_subscription (applicationId, userId)',
    `CREATE TABLE subscription_tag (
      subscriptionId ${t.big} NOT NULL,
      tag ${t.text(64)} NOT NULL,
      applicationId ${t.big} NOT NULL,
      PRIMARY KEY (subscriptionId, tag)
    ) ${t.clustered}`,
    'CREATE INDEX subscription_tag_application ON subscription_tag (applicationId, tag, subscriptionId)',
  ];
}

function deliveryTables(t: Types): string[] {
  const counters = ['targeted', 'accepted', 'gone', 'rejected', 'expired', 'exhausted', 'cancelled'];
  const receipts = ['displayed', 'clicked', 'dismissed'];
  return [
    `CREATE TABLE notification (
      id ${t.identity},
      applicationId ${t.big} NOT NULL,
      apiKeyId ${t.big} NOT NULL,
      status ${t.ascii(10)} NOT NULL,
      lane ${t.ascii(15)} NOT NULL,
      audience ${t.json} NOT NULL,
      content ${t.json} NOT NULL,
      receiptUrl ${t.ascii(2048)} NOT NULL,
      ttlSeconds ${t.big} NOT NULL,
      urgency ${t.ascii(8)} NOT NULL,
      topic ${t.text(255)} NULL,
      idempotencyKey ${t.text(255)} NULL,
      inputHash ${t.bytes(32)} NOT NULL,
      createdAt ${t.big} NOT NULL,
      sendAt ${t.big} NULL,
      expiresAt ${t.big} NULL,
      deadlineAt ${t.big} NOT NULL,
      completedAt ${t.big} NULL,
      expandDueAt ${t.big} NULL,
      expandCursor ${t.big} NOT NULL,
      expandLeaseUntil ${t.big} NULL,
      ${[...counters, ...receipts].map((name) => `${name} ${t.big} NOT NULL DEFAULT 0`).join(',\n      ')}
    ) ${t.table}`,
    'CREATE UNIQUE INDEX notification_idempotency ON notification (apiKeyId, idempotencyKey)',
    'CREATE INDEX notification_application ON notification (applicationId, status)',
    'CREATE INDEX notification_completed ON notification (completedAt)',
    'CREATE INDEX notification_expand ON notification (expandDueAt)',
    `CREATE TABLE dispatch (
      id ${t.identity},
      notificationId ${t.big} NOT NULL,
      lane ${t.ascii(15)} NOT NULL,
      pushService ${t.ascii(100)} NOT NULL,
      firstSubscriptionId ${t.big} NOT NULL,
      lastSubscriptionId ${t.big} NOT NULL,
      dueAt ${t.big} NOT NULL,
      publishedAt ${t.big} NULL,
      leaseOwner ${t.ascii(36)} NULL,
      leaseUntil ${t.big} NULL,
      claims ${t.big} NOT NULL DEFAULT 0,
      deadAt ${t.big} NULL,
      deadReason ${t.text(200)} NULL
    ) ${t.table}`,
    'CREATE INDEX dispatch_due ON dispatch (lane, publishedAt, dueAt)',
    'CREATE INDEX dispatch_lease ON dispatch (leaseUntil)',
    'CREATE INDEX dispatch_dead ON dispatch (deadAt)',
    'CREATE INDEX dispatch_notification ON dispatch (notificationId)',
    `CREATE TABLE delivery (
      notificationId ${t.big} NOT NULL,
      subscriptionId ${t.big} NOT NULL,
      dispatchId ${t.big} NOT NULL,
      status ${t.small} NOT NULL,
      attempts ${t.small} NOT NULL,
      httpStatus ${t.small} NULL,
      reason ${t.ascii(40)} NULL,
      pushService ${t.ascii(100)} NOT NULL,
      acceptedAt ${t.big} NULL,
      displayedAt ${t.big} NULL,
      clickedAt ${t.big} NULL,
      dismissedAt ${t.big} NULL,
      PRIMARY KEY (notificationId, subscriptionId)
    ) ${t.clustered}`,
    `CREATE TABLE attempt (
      notificationId ${t.big} NOT NULL,
      subscriptionId ${t.big} NOT NULL,
      attempt ${t.small} NOT NULL,
      at ${t.big} NOT NULL,
      httpStatus ${t.small} NULL,
      reason ${t.ascii(40)} NOT NULL,
      PRIMARY KEY (notificationId, subscriptionId, attempt)
    ) ${t.clustered}`,
  ];
}
