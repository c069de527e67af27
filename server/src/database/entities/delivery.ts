import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One notification for one push subscription. */
@Entity('delivery')
export class Delivery {
  @PrimaryColumn('integer')
  notificationId!: number;

  @PrimaryColumn('integer')
  subscriptionId!: number;

  /** The dispatch that will try it next, or tried it last. */
  @Column('integer')
  dispatchId!: number;

  /** Index into `deliveryStatuses`. */
  @Column('integer')
  status!: number;

  @Column('integer')
  attempts!: number;

  @Column('integer', { nullable: true })
  httpStatus!: number | null;

  @Column('varchar', { length: 40, nullable: true })
  reason!: string | null;

  @Column('varchar', { length: 100 })
  pushService!: string;

  @Column('integer', { nullable: true })
  acceptedAt!: number | null;

  @Column('integer', { nullable: true })
  displayedAt!: number | null;

  @Column('integer', { nullable: true })
  clickedAt!: number | null;

  @Column('integer', { nullable: true })
  dismissedAt!: number | null;
}
