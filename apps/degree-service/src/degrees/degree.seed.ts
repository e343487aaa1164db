/** The curated degrees as the first content of an empty database. */
import { catalogue, constraintId, degreeId, requirementId } from '@flowchart/dataset';
import type { DataSource, EntityManager } from 'typeorm';
import { DegreeConstraint } from './degree-constraint.entity.js';
import { DegreeRequirement } from './degree-requirement.entity.js';
import { Degree } from './degree.entity.js';

type CatalogueDegree = (typeof catalogue.degrees)[number];

export async function seedDegrees(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (manager) => {
    if (await manager.exists(Degree)) return;
    for (const degree of catalogue.degrees) await insertDegree(manager, degree);
  });
}

async function insertDegree(
  manager: EntityManager,
  { requirements, constraints, ...degree }: CatalogueDegree,
): Promise<void> {
  const id = degreeId(degree.code);
  await manager.insert(Degree, { ...degree, id, version: 1 });
  await manager.insert(
    DegreeRequirement,
    requirements.map((rule, position) => {
      return { id: requirementId(degree.code, position), degreeId: id, position, kind: rule.kind, rule };
    }),
  );
  await manager.insert(
    DegreeConstraint,
    constraints.map((rule, position) => {
      return { id: constraintId(degree.code, rule.kind), degreeId: id, position, kind: rule.kind, rule };
    }),
  );
}
