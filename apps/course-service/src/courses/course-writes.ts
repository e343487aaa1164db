/** What a registrar does to courses: each change is committed together with the event that tells of it. */
import { randomUUID } from 'node:crypto';
import { type CourseInput, type DomainEvent } from '@flowchart/contracts';
import { Outbox } from '@flowchart/database';
import { AppError, platformErrors, type Answer, meetsIfMatch } from '@flowchart/platform';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { checkPrerequisites } from './course-prerequisites.js';
import { CoursePrerequisite } from './course-prerequisite.entity.js';
import { courseAnswer, courseEtag, notFound } from './course-reads.js';
import { Course } from './course.entity.js';
import { courseErrors } from './course.errors.js';
import { courseById, type CourseRow } from './course.sql.js';
import { tagsOfChange } from './course-tags.js';

@Injectable()
export class CourseWrites {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {}

  create(input: CourseInput): Promise<Answer> {
    return this.write(async (manager) => {
      if (await manager.existsBy(Course, { code: input.code })) {
        throw new AppError(
          courseErrors.COURSE_EXISTS,
          `There is a course ${input.code} already. Change that one.`,
        );
      }
      return this.save(manager, input, undefined);
    });
  }

  /** `ifMatch`: the ETag that the caller's change is based on; without it the last one to write wins. */
  replace(id: string, input: CourseInput, ifMatch?: string): Promise<Answer> {
    return this.write(async (manager) => {
      const course = await courseToChange(manager, id, ifMatch);
      if (input.code !== course.code) {
        throw new AppError(
          courseErrors.COURSE_CODE_FIXED,
          `Degrees and transcripts know ${course.code} by its code. Send code ${course.code}, or add ${input.code} as a new course.`,
        );
      }
      return this.save(manager, input, course);
    });
  }

  remove(id: string, ifMatch?: string): Promise<void> {
    return this.write(async (manager) => {
      const course = await courseToChange(manager, id, ifMatch);
      const dependants = await manager.findBy(CoursePrerequisite, { requires: course.code });
      if (dependants.length > 0) {
        const codes = dependants.map((edge) => edge.course).sort();
        throw new AppError(
          courseErrors.COURSE_REQUIRED,
          `${codes.join(', ')} require${codes.length === 1 ? 's' : ''} ${course.code}. Change them first.`,
        );
      }
      await manager.delete(Course, { id });
      await this.tell(manager, 'course.deleted', { before: course });
    });
  }

  private async write<T>(change: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.dataSource.transaction(async (manager) => {
      // Locks the row until the commit, so writes come one after the other: two of them cannot close a circle of
      // prerequisites that neither sees, and what is checked below stays true.
      await manager.query('UPDATE course_catalogue SET version = version + 1');
      return change(manager);
    });
    this.outbox.flush();
    return result;
  }

  private async save(
    manager: EntityManager,
    input: CourseInput,
    before: Course | undefined,
  ): Promise<Answer> {
    const { prerequisites, ...fields } = input;
    const course = manager.create(Course, {
      ...fields,
      id: before?.id ?? randomUUID(),
      version: (before?.version ?? 0) + 1,
      terms: [...new Set(input.terms)],
    });
    await checkPrerequisites(manager, input);
    await manager.save(course);
    await manager.delete(CoursePrerequisite, { course: course.code });
    await manager.insert(
      CoursePrerequisite,
      [...new Set(prerequisites)].map((requires) => ({ course: course.code, requires })),
    );
    await this.tell(manager, 'course.changed', { before, after: course });
    const [row]: [CourseRow] = await manager.query(courseById, [course.id]);
    return courseAnswer(row);
  }

  private tell(manager: EntityManager, type: DomainEvent['type'], { before, after }: Change): Promise<void> {
    const { id, version } = after ?? before;
    const untrue = tagsOfChange(before, after);
    // A deletion is a change, too: the version after the last one.
    return this.outbox.add(manager, {
      type,
      entityId: id,
      version: after ? version : version + 1,
      tags: untrue,
    });
  }
}

/** A course before and after a write. */
type Change = { before: Course; after?: never } | { before: Course | undefined; after: Course };

async function courseToChange(manager: EntityManager, id: string, ifMatch?: string): Promise<Course> {
  const course = (await manager.findOneBy(Course, { id })) ?? notFound(id);
  if (meetsIfMatch(ifMatch, courseEtag(course))) return course;
  throw new AppError(
    platformErrors.PRECONDITION_FAILED,
    `${course.code} is at version ${course.version}. Read it again and send the ETag of that answer as If-Match.`,
  );
}
