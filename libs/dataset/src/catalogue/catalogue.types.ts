// The shapes the hand-written catalogue is made of: departments with courses, and degrees with their rules.
import type { Level, Term } from '@flowchart/contracts';
import type { RequirementRule, ConstraintRule } from '@flowchart/contracts';

export interface CatalogueCourse {
  code: string;
  title: string;
  level: Level;
  credits: number;
  description: string;
  terms: readonly Term[];
  prerequisites: readonly string[];
}

export interface CatalogueDepartment {
  name: string;
  courses: readonly CatalogueCourse[];
}

export interface CatalogueDegree {
  code: string;
  name: string;
  level: Level;
  department: string;
  totalCredits: number;
  requirements: readonly RequirementRule[];
  constraints: readonly ConstraintRule[];
}
