/** How far a student is in a degree, as a pure function of the rules, the transcript and the catalogue. */
import type { Audit, DegreeRules, TranscriptEntry } from '@flowchart/contracts';
import type { Courses } from '../catalogue/catalogue.service.js';
import { creditsOf, passedOf, standingOf, type Standing } from '../transcripts/standing.js';
import { allocate } from './allocation.js';
import { auditConstraint } from './constraints.js';
import { type Demand, demandOf } from './eligibility.js';

export interface AuditInput {
  readonly degree: DegreeRules;
  readonly admittedTerm: string;
  readonly entries: readonly TranscriptEntry[];
  readonly courses: Courses;
}

type RequirementAudit = Audit['requirements'][number];

export function audit(input: AuditInput): Audit {
  const { degree, entries, courses } = input;
  const standing = standingOf(entries);
  const passed = passedOf(standing);
  const demands = degree.requirements.map((requirement) => demandOf(requirement, courses));
  const allocation = allocate(demands, passed);
  const requirements = demands.map((demand) =>
    auditRequirement(demand, allocation.get(demand.requirement.id) ?? [], passed),
  );
  const facts = { ...input, standing, passed };
  const constraints = degree.constraints.map((constraint) => auditConstraint(constraint, facts));
  return {
    degree: { id: degree.id, code: degree.code, name: degree.name },
    complete: [...requirements, ...constraints].every(({ satisfied }) => satisfied),
    requirements,
    constraints,
  };
}

function auditRequirement(
  { requirement: { id, kind, title }, eligible, needed, unit }: Demand,
  counting: readonly TranscriptEntry[],
  passed: Standing,
): RequirementAudit {
  const done = unit === 'COURSES' ? counting.length : creditsOf(counting);
  const satisfied = done >= needed;
  const open = [...eligible].filter((code) => !passed.has(code)).sort();
  return {
    id,
    kind,
    title,
    satisfied,
    progress: { done, needed, unit },
    completed: counting.map(({ code }) => code).sort(),
    missing: satisfied ? null : { courses: open, count: needed - done },
  };
}
