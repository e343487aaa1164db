import type { ConstraintRule } from '@flowchart/contracts';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One limit within which a degree is taken; a degree has at most one of each kind. */
@Entity('degree_constraints')
export class DegreeConstraint {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'degree_id' })
  degreeId!: string;

  /** From 0, in the order in which the registrar gave them. */
  @Column('smallint')
  position!: number;

  @Column('text')
  kind!: ConstraintRule['kind'];

  @Column('jsonb')
  rule!: ConstraintRule;
}
