import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { bytes } from './columns';

/** One browser's push subscription (Push API). The endpoint is a capability URL: it never leaves the server. */
@Entity('push_subscription')
export class PushSubscription {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column('integer')
  applicationId!: number;

  /** SHA-256 of the endpoint: unique within an application. */
  @Column('blob', { transformer: bytes })
  endpointHash!: Buffer;

  @Column('varchar', { length: 2048 })
  endpoint!: string;

  /** The user agent's public key: uncompressed P-256 point, 65 bytes. */
  @Column('blob', { transformer: bytes })
  p256dh!: Buffer;

  /** The 16-byte authentication secret, sealed. */
  @Column('blob', { transformer: bytes })
  sealedAuth!: Buffer;

  @Column('integer')
  vapidKeyId!: number;

  /** fcm, mozilla, apple, wns, or the host of another push service. */
  @Column('varchar', { length: 100 })
  pushService!: string;

  @Column('varchar', { length: 255, nullable: true })
  userId!: string | null;

  /**
   * The first millisecond at which whatever is sent to it is sent to its present user, or to an anonymous one. What
   * was sent earlier may have been for another user.
   */
  @Column('integer')
  userSince!: number;

  /** When it last stopped belonging to a user; null: never. */
  @Column('integer', { nullable: true })
  userLeftAt!: number | null;

  @Column('varchar', { length: 35, nullable: true })
  locale!: string | null;

  @Column('varchar', { length: 64, nullable: true })
  timeZone!: string | null;

  /**
   * Kept as the browser gave it, and nothing goes by it: browsers give none today, and that a subscription has expired
   * is for its push service to say, whose 404 or 410 alone ends one.
   */
  @Column('integer', { nullable: true })
  expirationTime!: number | null;

  @Column('integer')
  createdAt!: number;

  @Column('integer')
  lastSeenAt!: number;

  /** Grows whenever the row is subscribed anew, so that a late 410 cannot retire a fresh subscription. */
  @Column('integer')
  version!: number;

  /** When its service worker first proved by a receipt that it reads what is sent to it. */
  @Column('integer', { nullable: true })
  verifiedAt!: number | null;

  /** Receipts of notifications that were stored earlier do not verify it; null: any receipt does. */
  @Column('integer', { nullable: true })
  unverifiedSince!: number | null;

  /** When it was last sent the welcome of its application. */
  @Column('integer', { nullable: true })
  welcomedAt!: number | null;

  /**
   * Since when no push service has accepted a message for it, with these keys; null once one has. Rows from before this
   * was recorded have null as well.
   */
  @Column('integer', { nullable: true })
  neverAcceptedSince!: number | null;

  /** Sends since then that ended otherwise. */
  @Column('integer')
  sendsWithoutAccept!: number;

  @Column('integer', { nullable: true })
  retiredAt!: number | null;

  @Column('varchar', { length: 40, nullable: true })
  retiredReason!: string | null;
}
