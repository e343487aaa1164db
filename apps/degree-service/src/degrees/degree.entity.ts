import type { Level } from '@flowchart/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A degree as it is written; its rules stand in `DegreeRequirement` and `DegreeConstraint`. */
@Entity('degrees')
export class Degree {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  code!: string;

  @Column('text')
  name!: string;

  @Column('text')
  level!: Level;

  @Column('text')
  department!: string;

  @Column('smallint', { name: 'total_credits' })
  totalCredits!: number;

  @Column('integer')
  version!: number;
}
