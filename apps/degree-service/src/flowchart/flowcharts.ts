/** Flowcharts as answers: drawn once for each state of the degree and of the courses. */
import { createHash } from 'node:crypto';
import { type DegreeRules, tags } from '@flowchart/contracts';
import { type Answer } from '@flowchart/platform';
import { Injectable } from '@nestjs/common';
import { CourseCatalogue, type Courses } from '../catalogue/course-catalogue.js';
import { DegreeReads } from '../degrees/degree-reads.js';
import { drawFlowchart, requirementsByCourse } from './flowchart.js';

/** 13 bytes each; all of them have to fit into the header with room to spare. */
const MOST_COURSE_TAGS = 300;

@Injectable()
export class Flowcharts {
  private readonly drawn = new WeakMap<Courses, Map<string, Drawn>>();

  constructor(
    private readonly degrees: DegreeReads,
    private readonly courses: CourseCatalogue,
  ) {}

  async of(degreeId: string): Promise<Answer> {
    const degree = await this.degrees.rulesById(degreeId);
    const courses = await this.courses.get();
    const drawn = this.drawn.get(courses) ?? new Map<string, Drawn>();
    this.drawn.set(courses, drawn);
    const known = drawn.get(degreeId);
    if (known?.version === degree.version) return known.answer;
    const answer = flowchartAnswer(degree, courses);
    drawn.set(degreeId, { version: degree.version, answer });
    return answer;
  }
}

interface Drawn {
  readonly version: number;
  readonly answer: Answer;
}

function flowchartAnswer(degree: DegreeRules, courses: Courses): Answer {
  const flowchart = drawFlowchart(degree, courses);
  const body = JSON.stringify(flowchart);
  const shown = flowchart.nodes.map(({ code }) => code);
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return {
    body,
    etag: `"${hash}"`,
    tags: [tags.degree(degree.code), ...courseTags([...shown, ...requirementsByCourse(degree).keys()])],
  };
}

/** The tags of courses that are shown, or named and shown as soon as they exist; of too many, that of every course. */
export function courseTags(codes: readonly string[]): string[] {
  const different = [...new Set(codes)].sort();
  return different.length > MOST_COURSE_TAGS ? [tags.everyCourse] : different.map(tags.course);
}
