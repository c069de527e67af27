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

  /** Failures so far, and the claim that is under way. A claim whose worker died is not counted here. */
  @Column('integer')
  claims!: number;

  /** Claims whose worker died; from three on, only those that were alone in their worker. */
  @Column('integer')
  deaths!: number;

  /** Whether the current or the last claim was made with nothing else under way in its worker. */
  @Column('boolean')
  isAlone!: boolean;

  /** What it waits for: `gate`, the end of a pause; `answer`, the `Retry-After` of its own answer; null, neither. */
  @Column('varchar', { length: 6, nullable: true })
  heldBy!: 'gate' | 'answer' | null;

  /** When it was last set aside after ten failures; it comes back at `dueAt`. */
  @Column('integer', { nullable: true })
  deadAt!: number | null;

  /** Why it was set aside, or why it last failed. */
  @Column('varchar', { length: 200, nullable: true })
  deadReason!: string | null;
}
