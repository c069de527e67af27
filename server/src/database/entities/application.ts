import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { NotificationContent } from '../../model/notificationContent';
import { bytes, json } from './columns';

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

  /** Origins of web pages that may use its publishable keys; null: any. */
  @Column('text', { nullable: true, transformer: json })
  allowedOrigins!: string[] | null;

  /** Requests each of its keys may make; null: the installation's limit. */
  @Column('integer', { nullable: true })
  requestsPerMinute!: number | null;

  /** Live push subscriptions of one user that browsers may make; null: the installation's limit. */
  @Column('integer', { nullable: true })
  subscriptionsPerUser!: number | null;

  /** Whether a browser is reached by broadcasts only after it has shown a notification that was meant for it. */
  @Column('boolean', { default: false })
  verifySubscriptions!: boolean;

  /** What a browser is sent when it subscribes, so that its receipt verifies it. */
  @Column('text', { nullable: true, transformer: json })
  welcome!: NotificationContent | null;

  /** Tags that pages cannot set: exact, or prefixes that end in `*`; null: none. */
  @Column('text', { nullable: true, transformer: json })
  protectedTags!: string[] | null;

  /** Live push subscriptions it may have; null: the installation's limit. */
  @Column('integer', { nullable: true })
  subscriptionsMost!: number | null;

  /** Broadcasts leave out browsers that were not seen for so many days; null: none. */
  @Column('integer', { nullable: true })
  staleAfterDays!: number | null;

  /** Whether the content of a notification is forgotten once it is completed. */
  @Column('boolean', { default: false })
  redactContent!: boolean;

  /** Since when its keys are refused and nothing is sent; null: it is not stopped. */
  @Column('integer', { nullable: true })
  stoppedAt!: number | null;

  /** Milliseconds since 1970, as every time in the database. */
  @Column('integer')
  createdAt!: number;
}
