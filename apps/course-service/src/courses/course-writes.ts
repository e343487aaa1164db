/** What a registrar does to courses: each change is committed together with the event that tells of it. */
import { randomUUID } from 'node:crypto';
import { type CourseInput, type DomainEvent, tags } from '@flowchart/contracts';
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
      return this.save(manager, input, { id: randomUUID(), version: 1 });
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
      return this.save(manager, input, { id, version: course.version + 1 });
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
      await this.tell(manager, 'course.deleted', { ...course, version: course.version + 1 });
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
    own: { id: string; version: number },
  ): Promise<Answer> {
    const { prerequisites, ...fields } = input;
    const course = manager.create(Course, { ...fields, ...own, terms: [...new Set(input.terms)] });
    await checkPrerequisites(manager, input);
    await manager.save(course);
    await manager.delete(CoursePrerequisite, { course: course.code });
    await manager.insert(
      CoursePrerequisite,
      [...new Set(prerequisites)].map((requires) => ({ course: course.code, requires })),
    );
    await this.tell(manager, 'course.changed', course);
    const [row]: [CourseRow] = await manager.query(courseById, [course.id]);
    return courseAnswer(row);
  }

  /**
   * A cached answer carries the tags of all courses that it shows (and of the list, where it is one), so the two of
   * this course evict every answer that its change makes untrue: also the prerequisites and flowcharts of others.
   */
  private tell(
    manager: EntityManager,
    type: DomainEvent['type'],
    { id, code, version }: Course,
  ): Promise<void> {
    const untrue = [tags.course(code), tags.courses];
    return this.outbox.add(manager, { type, entityId: id, version, tags: untrue });
  }
}

async function courseToChange(manager: EntityManager, id: string, ifMatch?: string): Promise<Course> {
  const course = (await manager.findOneBy(Course, { id })) ?? notFound(id);
  if (meetsIfMatch(ifMatch, courseEtag(course))) return course;
  throw new AppError(
    platformErrors.PRECONDITION_FAILED,
    `${course.code} is at version ${course.version}. Read it again and send the ETag of that answer as If-Match.`,
  );
}
