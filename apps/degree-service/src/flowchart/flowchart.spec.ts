import { describe, expect, it } from '@jest/globals';
import {
  type Course,
  type DegreeRules,
  flowchartSchema,
  type Level,
  type RequirementRule,
} from '@flowchart/contracts';
import { catalogue, catalogueCourses, degreeId, requirementId } from '@flowchart/dataset';
import { drawFlowchart, requirementsByCourse } from './flowchart.js';

type Courses = ReadonlyMap<string, Course>;

const curated: Courses = new Map(
  catalogueCourses.map((course) => [course.code, { ...course, id: '', version: 1 } as unknown as Course]),
);

function degreeOf(code: string, level: Level, requirements: readonly RequirementRule[]): DegreeRules {
  return {
    id: degreeId(code),
    code,
    level,
    name: code,
    department: '',
    totalCredits: 120,
    version: 1,
    requirements: requirements.map((rule, position) => ({ id: requirementId(code, position), ...rule })),
    constraints: [],
  };
}

/** `{ CS200: ['CS100'] }`: CS200 requires CS100. */
function coursesOf(requires: Record<string, string[]>): Courses {
  return new Map(
    Object.entries(requires).map(([code, prerequisites]) => {
      const level: Level = /[5-7]\d\d$/.test(code) ? 'GRADUATE' : 'UNDERGRADUATE';
      return [code, { code, title: code, credits: 3, level, prerequisites } as unknown as Course];
    }),
  );
}

const core = (...courses: string[]): RequirementRule => ({ kind: 'ALL_OF', title: 'Core', courses });

describe('a flowchart', () => {
  it.each(catalogue.degrees)(
    'of $code is closed, layered and within the contract',
    ({ code, level, requirements }) => {
      const degree = degreeOf(code, level, requirements);
      const { nodes, edges, layers } = flowchartSchema.parse(drawFlowchart(degree, curated));
      const layerOf = new Map(nodes.map((node) => [node.code, node.layer]));
      expect(layers.flat()).toEqual(nodes.map((node) => node.code));
      expect(new Set(layers.flat()).size).toBe(nodes.length);
      layers.forEach((layer, index) => layer.forEach((node) => expect(layerOf.get(node)).toBe(index)));
      for (const { from, to } of edges) {
        expect(curated.get(to)?.prerequisites).toContain(from);
        expect(layerOf.get(from)).toBeLessThan(layerOf.get(to) as number);
      }
      for (const named of requirementsByCourse(degree).keys()) expect(layerOf.has(named)).toBe(true);
    },
  );

  it('puts a course right behind the longest way to it', () => {
    const courses = coursesOf({ CS100: [], CS110: [], CS200: ['CS100'], CS300: ['CS200', 'CS110'] });
    const { layers, edges } = drawFlowchart(degreeOf('BSX', 'UNDERGRADUATE', [core('CS300')]), courses);
    expect(layers.map((layer) => layer.toSorted())).toEqual([['CS100', 'CS110'], ['CS200'], ['CS300']]);
    expect(edges).toHaveLength(3);
  });

  it('tells which requirement names a course, the first of several, and which courses are there as prerequisites only', () => {
    const courses = coursesOf({ CS100: [], CS200: ['CS100'], CS210: [], CS220: [] });
    const degree = degreeOf('BSX', 'UNDERGRADUATE', [
      core('CS200'),
      { kind: 'CHOOSE_N', title: 'One', choose: 1, courses: ['CS200', 'CS210'] },
      { kind: 'CREDITS_FROM', title: 'Listed', credits: 3, from: { courses: ['CS220'] } },
    ]);
    const { nodes } = drawFlowchart(degree, courses);
    expect(new Map(nodes.map(({ code, requirementId: id }) => [code, id]))).toEqual(
      new Map([
        ['CS100', null],
        ['CS200', requirementId('BSX', 0)],
        ['CS210', requirementId('BSX', 1)],
        ['CS220', requirementId('BSX', 2)],
      ]),
    );
  });

  it('is not filled with whole departments', () => {
    const rule: RequirementRule = {
      kind: 'CREDITS_FROM',
      title: 'Any',
      credits: 3,
      from: { level: 'UNDERGRADUATE' },
    };
    expect(drawFlowchart(degreeOf('BSX', 'UNDERGRADUATE', [rule]), curated).nodes).toEqual([]);
  });

  it('of a graduate degree takes undergraduate prerequisites for granted, but not those that it names', () => {
    const courses = coursesOf({
      CS100: [],
      CS300: ['CS100'],
      CS400: [],
      CS500: ['CS300'],
      CS600: ['CS500', 'CS400'],
    });
    const graduate = drawFlowchart(degreeOf('MSX', 'GRADUATE', [core('CS600', 'CS400')]), courses);
    expect(graduate.layers.flat().sort()).toEqual(['CS400', 'CS500', 'CS600']);
    const undergraduate = drawFlowchart(degreeOf('BSX', 'UNDERGRADUATE', [core('CS600')]), courses);
    expect(undergraduate.nodes).toHaveLength(5);
  });

  it('leaves out what does not exist any more', () => {
    const courses = coursesOf({ CS100: [] });
    expect(drawFlowchart(degreeOf('BSX', 'UNDERGRADUATE', [core('CS100', 'CS999')]), courses).layers).toEqual(
      [['CS100']],
    );
  });
});
