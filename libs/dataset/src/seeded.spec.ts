import { describe, expect, it } from '@jest/globals';
import { courseSchema, degreeRequirementsSchema, degreeSchema } from '@flowchart/contracts';
import { seededCourses, seededDegrees } from './seeded.js';

describe('the seeded catalogue', () => {
  it('has courses and degrees as the contract shows them', () => {
    for (const course of seededCourses()) expect(courseSchema.parse(course)).toEqual(course);
    for (const degree of seededDegrees()) {
      const { requirements, ...rest } = degree;
      expect(degreeSchema.parse(rest)).toMatchObject({ code: degree.code, version: 1 });
      expect(degreeRequirementsSchema.parse({ degreeId: degree.id, requirements }).requirements).toEqual(
        requirements,
      );
    }
  });

  it('gives nothing the id of something else', () => {
    const degrees = seededDegrees();
    const ids = [
      ...seededCourses(),
      ...degrees,
      ...degrees.flatMap(({ requirements, constraints }) => [...requirements, ...constraints]),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
