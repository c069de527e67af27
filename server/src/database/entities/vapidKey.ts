import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { bytes } from './columns';

/** An application server key pair (RFC 8292). Each push subscription remembers the one it was made with. */
@Entity('vapid_key')
export class VapidKey {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column('integer')
  applicationId!: number;

  /** Uncompressed P-256 point, base64url without padding, 87 characters. */
  @Column('varchar', { length: 87 })
  publicKey!: string;

  /** The 32-byte private key, sealed. */
  @Column('blob', { transformer: bytes })
  sealedPrivateKey!: Buffer;

  @Column('integer')
  createdAt!: number;

  /** No new push subscription is taken for it from then on; it still signs for those that are left. */
  @Column('integer', { nullable: true })
  retiredAt!: number | null;
}
