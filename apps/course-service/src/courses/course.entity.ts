import type { Level, Term } from '@flowchart/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A course as it is written; what it requires stands in `CoursePrerequisite`. */
@Entity('courses')
export class Course {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  code!: string;

  @Column('text')
  title!: string;

  @Column('text')
  department!: string;

  @Column('text')
  level!: Level;

  @Column('smallint')
  credits!: number;

  @Column('text')
  description!: string;

  @Column('text', { array: true })
  terms!: Term[];

  @Column('integer')
  version!: number;
}
