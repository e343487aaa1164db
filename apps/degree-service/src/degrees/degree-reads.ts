/** What everybody may read of degrees; as fresh as the database, cached by whoever asks. */
import {
  type Degree,
  degreeCodeSchema,
  type DegreePage,
  type DegreeQuery,
  type DegreeRules,
  tags,
} from '@flowchart/contracts';
import { PG_POOL } from '@flowchart/database';
import { AppError, type Answer, codeBehind, cursorAfter } from '@flowchart/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { degreeErrors } from './degree.errors.js';
import {
  type CatalogueRow,
  catalogueVersion,
  degreeByCode,
  degreeById,
  degreesAfter,
  type PageRow,
  wholeCatalogue,
} from './degree.sql.js';

const LIST = 'degrees';

@Injectable()
export class DegreeReads {
  private catalogue: (Answer & { readonly version: string }) | undefined;

  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  async list({ limit, cursor }: DegreeQuery): Promise<Answer> {
    const after = cursor ? codeBehind(cursor, LIST, degreeCodeSchema) : '';
    const { rows } = await this.pool.query<PageRow>({
      name: 'degrees after',
      text: degreesAfter,
      values: [after, limit + 1],
    });
    const { catalogue, total, degrees } = rows[0] as PageRow;
    const items = degrees.slice(0, limit);
    const last = items.at(-1)?.code;
    const next = degrees.length > limit && last ? cursorAfter(LIST, last) : null;
    const page: DegreePage = { items, page: { limit, total, next } };
    return { body: JSON.stringify(page), etag: `"${catalogue}"`, tags: [tags.degrees] };
  }

  async byId(id: string): Promise<Answer> {
    return degreeAnswer(await this.rulesById(id));
  }

  async byCode(given: string): Promise<Answer> {
    // Only ASCII letters are raised: there are others whose capitals are ASCII.
    const code = given.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
    if (!degreeCodeSchema.safeParse(code).success) notFound(given);
    const { rows } = await this.pool.query<DegreeRules>({
      name: 'degree by code',
      text: degreeByCode,
      values: [code],
    });
    return degreeAnswer(rows[0] ?? notFound(code));
  }

  async requirements(id: string): Promise<Answer> {
    const degree = await this.rulesById(id);
    return partAnswer(degree, { degreeId: id, requirements: degree.requirements });
  }

  async constraints(id: string): Promise<Answer> {
    const degree = await this.rulesById(id);
    return partAnswer(degree, { degreeId: id, constraints: degree.constraints });
  }

  async rulesById(id: string): Promise<DegreeRules> {
    const { rows } = await this.pool.query<DegreeRules>({
      name: 'degree by id',
      text: degreeById,
      values: [id],
    });
    return rows[0] ?? notFound(id);
  }

  /** All degrees with their rules for other services. Asking whether anything changed costs one tiny read. */
  async index(): Promise<Answer> {
    const { rows } = await this.pool.query<{ version: string }>({
      name: 'catalogue version',
      text: catalogueVersion,
    });
    if (this.catalogue?.version === rows[0]?.version && this.catalogue) return this.catalogue;
    return (this.catalogue = await this.readCatalogue());
  }

  private async readCatalogue(): Promise<Answer & { readonly version: string }> {
    const { rows } = await this.pool.query<CatalogueRow>(wholeCatalogue);
    const { version, degrees } = rows[0] as CatalogueRow;
    return { version, body: JSON.stringify({ degrees }), etag: `"${version}"`, tags: [tags.degrees] };
  }
}

/** The degree itself, without its rules. */
export function degreeAnswer(rules: DegreeRules): Answer {
  const { id, code, name, level, department, totalCredits, version } = rules;
  return partAnswer(rules, { id, code, name, level, department, totalCredits, version });
}

/** Something that only a new version of the degree changes. */
const partAnswer = ({ code, version }: Degree, part: unknown): Answer => ({
  body: JSON.stringify(part),
  etag: degreeEtag(version),
  tags: [tags.degree(code)],
});

export const degreeEtag = (version: number): string => `"${version}"`;

export function notFound(degree: string): never {
  throw new AppError(degreeErrors.DEGREE_NOT_FOUND, `There is no degree ${degree}.`);
}
