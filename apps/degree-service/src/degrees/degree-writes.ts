/** What a registrar does to degrees: each change is committed together with the event that tells of it. */
import {
  type ConstraintRule,
  type DegreeInput,
  type DegreeRules,
  type RequirementRule,
  tags,
} from '@flowchart/contracts';
import { Outbox } from '@flowchart/database';
import { AppError, platformErrors, type Answer, meetsIfMatch } from '@flowchart/platform';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CourseCatalogue } from '../catalogue/course-catalogue.js';
import { DegreeConstraint } from './degree-constraint.entity.js';
import { degreeAnswer, degreeEtag, DegreeReads, notFound } from './degree-reads.js';
import { DegreeRequirement } from './degree-requirement.entity.js';
import { constraintViolations, requirementViolations } from './degree-rules.js';
import { Degree } from './degree.entity.js';
import { degreeErrors } from './degree.errors.js';
import { degreeById } from './degree.sql.js';

@Injectable()
export class DegreeWrites {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly courses: CourseCatalogue,
    private readonly reads: DegreeReads,
  ) {}

  /** `ifMatch`: the ETag that the caller's change is based on; without it the last one to write wins. */
  async replace(id: string, input: DegreeInput, ifMatch?: string): Promise<Answer> {
    await this.reads.rulesById(id);
    // Before the transaction: no lock is held while another service is asked.
    await this.checkRules(input);
    const saved = await this.dataSource.transaction(async (manager) => {
      // Locks the row until the commit, so writes come one after the other.
      await manager.query('UPDATE degree_catalogue SET version = version + 1');
      const degree = await degreeToChange(manager, id, ifMatch);
      await this.save(manager, degree, input);
      const [rules]: [DegreeRules] = await manager.query(degreeById, [id]);
      return rules;
    });
    this.outbox.flush();
    return degreeAnswer(saved);
  }

  private async checkRules({ requirements, constraints = [] }: DegreeInput): Promise<void> {
    const violations = [
      ...(requirements ? requirementViolations(requirements, await this.courses.get()) : []),
      ...constraintViolations(constraints),
    ];
    if (violations.length === 0) return;
    const detail = `${violations.map(({ message }) => message).join('; ')}.`;
    throw new AppError(degreeErrors.RULES_NOT_SATISFIABLE, detail, { extensions: { violations } });
  }

  private async save(manager: EntityManager, degree: Degree, input: DegreeInput): Promise<void> {
    const { id, code } = degree;
    const { requirements, constraints, ...fields } = input;
    const version = degree.version + 1;
    await manager.update(Degree, { id }, { ...fields, version });
    if (requirements) await replaceRules(manager, DegreeRequirement, id, requirements);
    if (constraints) await replaceRules(manager, DegreeConstraint, id, constraints);
    await this.outbox.add(manager, {
      type: 'degree.changed',
      entityId: id,
      version,
      tags: [tags.degree(code), tags.degrees],
    });
  }
}

async function replaceRules(
  manager: EntityManager,
  entity: typeof DegreeRequirement | typeof DegreeConstraint,
  degreeId: string,
  rules: readonly (RequirementRule | ConstraintRule)[],
): Promise<void> {
  await manager.delete(entity, { degreeId });
  const rows = rules.map((rule, position) => ({ degreeId, position, kind: rule.kind, rule }));
  await manager.insert(entity, rows as object[]);
}

async function degreeToChange(manager: EntityManager, id: string, ifMatch?: string): Promise<Degree> {
  const degree = (await manager.findOneBy(Degree, { id })) ?? notFound(id);
  if (meetsIfMatch(ifMatch, degreeEtag(degree.version))) return degree;
  throw new AppError(
    platformErrors.PRECONDITION_FAILED,
    `${degree.code} is at version ${degree.version}. Read it again and send the ETag of that answer as If-Match.`,
  );
}
