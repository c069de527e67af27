import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Audience } from '../../model/audience';
import type { Lane } from '../../model/lane';
import type { NotificationContent } from '../../model/notificationContent';
import type { NotificationStatus } from '../../model/notificationStatus';
import type { Urgency } from '../../model/urgency';
import { bytes, json } from './columns';

/** What a back end sent once. Its counters change in the same transaction as its deliveries. */
@Entity('notification')
export class Notification {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column('integer')
  applicationId!: number;

  @Column('integer')
  apiKeyId!: number;

  @Column('varchar', { length: 10 })
  status!: NotificationStatus;

  @Column('varchar', { length: 15 })
  lane!: Lane;

  @Column('text', { transformer: json })
  audience!: Audience;

  @Column('text', { transformer: json })
  content!: NotificationContent;

  /** Where service workers report to, as the API that accepted it is reached: workers need not know. */
  @Column('varchar', { length: 2048 })
  receiptUrl!: string;

  @Column('integer')
  ttlSeconds!: number;

  @Column('varchar', { length: 8 })
  urgency!: Urgency;

  @Column('varchar', { length: 255, nullable: true })
  topic!: string | null;

  @Column('varchar', { length: 255, nullable: true })
  idempotencyKey!: string | null;

  /** SHA-256 of the whole input: tells a repeated call from another one with the same key. */
  @Column('blob', { transformer: bytes })
  inputHash!: Buffer;

  @Column('integer')
  createdAt!: number;

  @Column('integer', { nullable: true })
  sendAt!: number | null;

  @Column('integer', { nullable: true })
  expiresAt!: number | null;

  /** The moment after which nothing is sent: the earlier of `expiresAt` and start plus TTL. */
  @Column('integer')
  deadlineAt!: number;

  @Column('integer', { nullable: true })
  completedAt!: number | null;

  /** When the audience is to be expanded; null once every delivery row exists. */
  @Column('integer', { nullable: true })
  expandDueAt!: number | null;

  /** The last subscription id that expansion has passed. */
  @Column('integer')
  expandCursor!: number;

  @Column('integer', { nullable: true })
  expandLeaseUntil!: number | null;

  @Column('integer')
  targeted!: number;

  @Column('integer')
  accepted!: number;

  @Column('integer')
  gone!: number;

  @Column('integer')
  rejected!: number;

  @Column('integer')
  expired!: number;

  @Column('integer')
  exhausted!: number;

  @Column('integer')
  cancelled!: number;

  @Column('integer')
  displayed!: number;

  @Column('integer')
  clicked!: number;

  @Column('integer')
  dismissed!: number;
}
