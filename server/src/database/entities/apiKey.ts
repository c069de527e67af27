import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { ApiKeyKind, ApiKeyScope } from '../../model/apiKey';
import { bytes, json } from './columns';

/** A key of an application; only its hash is kept. */
@Entity('api_key')
export class ApiKey {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column('integer')
  applicationId!: number;

  @Column('varchar', { length: 100 })
  name!: string;

  @Column('varchar', { length: 12 })
  kind!: ApiKeyKind;

  @Column('varchar', { length: 200, transformer: json })
  scopes!: ApiKeyScope[];

  @Column('blob', { transformer: bytes })
  secretHash!: Buffer;

  @Column('integer')
  createdAt!: number;

  /** Within a minute or so; null: never. */
  @Column('integer', { nullable: true })
  lastUsedAt!: number | null;

  @Column('integer', { nullable: true })
  revokedAt!: number | null;
}
