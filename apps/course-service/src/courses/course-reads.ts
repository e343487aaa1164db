/** What everybody may read of courses; as fresh as the database, cached by whoever asks. */
import { type CourseQuery, courseCodeSchema, tags } from '@flowchart/contracts';
import { PG_POOL } from '@flowchart/database';
import { AppError, type Answer, codeBehind, cursorAfter } from '@flowchart/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { courseErrors } from './course.errors.js';
import {
  type CatalogueRow,
  catalogueVersion,
  courseByCode,
  courseById,
  type CourseRow,
  prerequisitesOf,
  type PrerequisitesRow,
  wholeCatalogue,
} from './course.sql.js';
import { type SearchRow, searchStatement } from './course-search.sql.js';
import { pageTags } from './course-tags.js';
import { RememberedTotals } from './remembered-totals.js';

const LIST = 'courses';

@Injectable()
export class CourseReads {
  private readonly totals = new RememberedTotals();
  private catalogue: (Answer & { readonly version: string }) | undefined;

  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  async search(query: CourseQuery): Promise<Answer> {
    const known = this.totals.get(query);
    const after = query.cursor && codeBehind(query.cursor, LIST, courseCodeSchema);
    const statement = searchStatement(query, { after, totalKnownFor: known?.catalogue ?? '0' });
    const { rows } = await this.pool.query<SearchRow>(statement);
    const { catalogue, total } = rows[0] as SearchRow;
    const courses = total ?? known?.courses ?? 0;
    if (total !== null) this.totals.set(query, { catalogue, courses });
    const { body, codes } = coursePage(rows, query.limit, courses);
    return { body, etag: `"${catalogue}"`, tags: pageTags(query, codes) };
  }

  async byId(id: string): Promise<Answer> {
    const { rows } = await this.pool.query<CourseRow>({
      name: 'course by id',
      text: courseById,
      values: [id],
    });
    return courseAnswer(rows[0] ?? notFound(id));
  }

  async byCode(given: string): Promise<Answer> {
    // Only ASCII letters are raised: there are others whose capitals are ASCII.
    const code = given.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
    if (!courseCodeSchema.safeParse(code).success) notFound(given);
    const { rows } = await this.pool.query<CourseRow>({
      name: 'course by code',
      text: courseByCode,
      values: [code],
    });
    return courseAnswer(rows[0] ?? notFound(code));
  }

  async prerequisites(id: string): Promise<Answer> {
    const { rows } = await this.pool.query<PrerequisitesRow>({
      name: 'prerequisites',
      text: prerequisitesOf,
      values: [id],
    });
    const { catalogue, code, course, requires, codes } = rows[0] ?? notFound(id);
    return {
      body: `{"course":${course},"requires":[${requires}]}`,
      etag: `"${catalogue}"`,
      // Each course that is shown evicts this answer: what requires what cannot change without one of them changing.
      tags: [code, ...codes].map(tags.course),
    };
  }

  /** The whole catalogue for other services. Its text is kept, so that asking whether it changed costs one tiny read. */
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
    const { version, courses } = rows[0] as CatalogueRow;
    return { version, body: `{"courses":[${courses}]}`, etag: `"${version}"`, tags: [tags.everyCourse] };
  }
}

/** One course, validated by what makes it this text: ids are never given out twice, codes are. */
export const courseAnswer = ({ id, code, version, json }: CourseRow): Answer => ({
  body: json,
  etag: courseEtag({ id, version }),
  tags: [tags.course(code)],
});

export const courseEtag = ({ id, version }: { id: string; version: number }): string =>
  `"${version}-${id.slice(0, 8)}"`;

export function notFound(course: string): never {
  throw new AppError(courseErrors.COURSE_NOT_FOUND, `There is no course ${course}.`);
}

function coursePage(rows: readonly SearchRow[], limit: number, total: number) {
  const found = rows.filter(({ code }) => code !== null);
  const items = found.slice(0, limit);
  const codes = items.map(({ code }) => code as string);
  const last = codes.at(-1);
  const next = found.length > limit && last ? cursorAfter(LIST, last) : null;
  const page = JSON.stringify({ limit, total, next });
  return { body: `{"items":[${items.map(({ course }) => course).join(',')}],"page":${page}}`, codes };
}
