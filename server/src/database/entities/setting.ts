import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an installation decides once and keeps, for example the salt of its public ids. */
@Entity('setting')
export class Setting {
  @PrimaryColumn('varchar', { length: 40 })
  name!: string;

  @Column('varchar', { length: 200 })
  value!: string;
}
