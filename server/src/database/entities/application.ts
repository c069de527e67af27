import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { bytes } from './columns';

/** A tenant: own VAPID keys, API keys, push subscriptions and notifications. */
@Entity('application')
export class Application {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column('varchar', { length: 100 })
  name!: string;

  /** Whether a publishable key that names a userId must bring a JWT of the customer's back end. */
  @Column('boolean')
  requireUserProof!: boolean;

  /** The secret shared with the customer's back end for HS256, sealed. */
  @Column('blob', { nullable: true, transformer: bytes })
  userProofSecret!: Buffer | null;

  /** The customer's public key for ES256: PEM (SPKI) or JWK text. */
  @Column('varchar', { length: 1000, nullable: true })
  userProofPublicKey!: string | null;

  /** Milliseconds since 1970, as every time in the database. */
  @Column('integer')
  createdAt!: number;
}
