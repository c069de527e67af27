import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A label of an application's own on a push subscription; audiences choose by it. */
@Entity('subscription_tag')
export class SubscriptionTag {
  @PrimaryColumn('integer')
  subscriptionId!: number;

  @PrimaryColumn('varchar', { length: 64 })
  tag!: string;

  @Column('integer')
  applicationId!: number;
}
