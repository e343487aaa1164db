import { Entity, PrimaryColumn } from 'typeorm';

/** One edge of the prerequisite DAG, by codes. */
@Entity('course_prerequisites')
export class CoursePrerequisite {
  @PrimaryColumn('text')
  course!: string;

  @PrimaryColumn('text')
  requires!: string;
}
