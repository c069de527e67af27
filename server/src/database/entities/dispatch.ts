import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Lane } from '../../model/lane';

/**
 * The unit of queueing: up to 500 pending deliveries of one notification at one push service. It lives until
 * they are settled or have moved on to a later dispatch. Its deliveries are the rows that carry its id, all
 * between the two subscription ids.
 */
@Entity('dispatch')
export class Dispatch {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column('integer')
  notificationId!: number;

  @Column('varchar', { length: 15 })
  lane!: Lane;

  @Column('varchar', { length: 100 })
  pushService!: string;

  @Column('integer')
  firstSubscriptionId!: number;

  @Column('integer')
  lastSubscriptionId!: number;

  @Column('integer')
  dueAt!: number;

  /** When the queue was given it; null while it waits in the database. */
  @Column('integer', { nullable: true })
  publishedAt!: number | null;

  @Column('varchar', { length: 36, nullable: true })
  leaseOwner!: string | null;

  @Column('integer', { nullable: true })
  leaseUntil!: number | null;

  /** How often a worker took it and did not finish. */
  @Column('integer')
  claims!: number;

  @Column('integer', { nullable: true })
  deadAt!: number | null;

  /** Why it was set aside; before that, why it was last not finished. */
  @Column('varchar', { length: 200, nullable: true })
  deadReason!: string | null;
}
