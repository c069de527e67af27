import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

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

  /** Milliseconds since 1970, as every time in the database. */
  @Column('integer')
  createdAt!: number;
}
