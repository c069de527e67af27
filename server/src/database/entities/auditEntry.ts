import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What an admin key did. Holds no secrets, no values and no user ids. */
@Entity('audit_entry')
export class AuditEntry {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column('integer')
  applicationId!: number;

  @Column('integer')
  apiKeyId!: number;

  @Column('integer')
  at!: number;

  /** The field of the API that was asked for. */
  @Column('varchar', { length: 40 })
  action!: string;

  /** The public id or key it was done to. */
  @Column('varchar', { length: 100, nullable: true })
  subject!: string | null;

  /** Whether it ended with an error. Part of it may have been done. */
  @Column('boolean', { default: false })
  failed!: boolean;
}
