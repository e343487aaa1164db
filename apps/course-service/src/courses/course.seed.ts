/** The curated catalogue as the first content of an empty database. */
import { catalogueCourses, courseId } from '@flowchart/dataset';
import type { DataSource } from 'typeorm';

export async function seedCourses(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (manager) => {
    const [{ empty }]: [{ empty: boolean }] = await manager.query(
      'SELECT NOT EXISTS (SELECT FROM courses) AS empty',
    );
    if (!empty) return;
    const courses = catalogueCourses.map((course) => ({ ...course, id: courseId(course.code) }));
    await manager.query(
      `INSERT INTO courses (id, code, title, department, level, credits, description, terms, version)
       SELECT id, code, title, department, level, credits, description, terms, 1
       FROM jsonb_to_recordset($1) AS course (id uuid, code text, title text, department text, level text,
                                              credits smallint, description text, terms text[])`,
      [JSON.stringify(courses)],
    );
    await manager.query(
      `INSERT INTO course_prerequisites (course, requires)
       SELECT code, unnest(prerequisites)
       FROM jsonb_to_recordset($1) AS course (code text, prerequisites text[])`,
      [JSON.stringify(courses)],
    );
  });
}
