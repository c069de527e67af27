import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who was forgotten, by a keyed hash, so that a restore can forget them again. */
export class ErasedPeople1763900000012 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const isMysql = queryRunner.connection.options.type === 'mysql';
    const [big, hash] = isMysql ? ['BIGINT', 'VARBINARY(32)'] : ['INTEGER', 'BLOB'];
    await queryRunner.query(
      `CREATE TABLE erased_person (
        applicationId ${big} NOT NULL,
        userHash ${hash} NOT NULL,
        erasedAt ${big} NOT NULL,
        PRIMARY KEY (applicationId, userHash)
      ) ${isMysql ? 'ENGINE=InnoDB' : 'WITHOUT ROWID'}`,
    );
    await queryRunner.query('CREATE INDEX erased_person_erased ON erased_person (erasedAt)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE erased_person');
  }
}
