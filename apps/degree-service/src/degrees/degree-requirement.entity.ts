import type { RequirementRule } from '@flowchart/contracts';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One thing that a degree requires. */
@Entity('degree_requirements')
export class DegreeRequirement {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'degree_id' })
  degreeId!: string;

  /** From 0, in the order in which the registrar gave them. */
  @Column('smallint')
  position!: number;

  @Column('text')
  kind!: RequirementRule['kind'];

  @Column('jsonb')
  rule!: RequirementRule;
}
