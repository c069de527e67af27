import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One POST that did not end in an accept; a first-time success needs no row here. */
@Entity('attempt')
export class Attempt {
  @PrimaryColumn('integer')
  notificationId!: number;

  @PrimaryColumn('integer')
  subscriptionId!: number;

  @PrimaryColumn('integer')
  attempt!: number;

  @Column('integer')
  at!: number;

  @Column('integer', { nullable: true })
  httpStatus!: number | null;

  @Column('varchar', { length: 40 })
  reason!: string;
}
