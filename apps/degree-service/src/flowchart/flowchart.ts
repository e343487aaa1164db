/** Draws a degree: which courses belong to it, what leads to what, and in which term each can be taken at the earliest. */
import type { Course, DegreeRules, Flowchart } from '@flowchart/contracts';
import { closure, longestPathLayers, type Requires } from '@flowchart/kernel';
import { coursesNamed } from '../degrees/degree-rules.js';
import { type Edge, orderLayers } from './layer-order.js';

type Courses = ReadonlyMap<string, Course>;

/**
 * On the chart are the courses that requirements name (also the list of a `CREDITS_FROM`; whole departments and levels
 * would bury the rest) and all that these require, directly or not. A graduate degree shows no undergraduate
 * prerequisites unless it names them: its students were admitted with them, and they would be most of the chart.
 * Named courses that do not exist (any more) are left out.
 */
export function drawFlowchart(degree: DegreeRules, courses: Courses): Flowchart {
  const requirementOf = requirementsByCourse(degree);
  const graph = requiresWithin(degree, courses, requirementOf);
  const edges = [...graph].flatMap(([to, needs]) => needs.map((from): Edge => ({ from, to })));
  const layers = orderLayers(layered(graph), edges);
  const nodes = layers.flatMap((codes, layer) =>
    codes.map((code) => {
      const { title, credits } = courses.get(code) as Course;
      return { code, title, credits, layer, requirementId: requirementOf.get(code) ?? null };
    }),
  );
  return { degreeId: degree.id, nodes, edges, layers };
}

/** Every course that the degree names, with the first requirement that does. */
export function requirementsByCourse({ requirements }: DegreeRules): Map<string, string> {
  const found = new Map<string, string>();
  for (const requirement of requirements) {
    for (const code of coursesNamed(requirement)) if (!found.has(code)) found.set(code, requirement.id);
  }
  return found;
}

/** The courses on the chart, each with those of its prerequisites that are on it too; in the order of their codes. */
function requiresWithin(degree: DegreeRules, courses: Courses, named: ReadonlyMap<string, string>): Requires {
  const isShown = (code: string): boolean => {
    const course = courses.get(code);
    return course !== undefined && (named.has(code) || !isTakenForGranted(course, degree));
  };
  const needs = new Map([...courses].map(([code, course]) => [code, course.prerequisites.filter(isShown)]));
  const shown = closure([...named.keys()].filter(isShown), needs);
  return new Map([...shown].sort().map((code) => [code, needs.get(code) ?? []]));
}

const isTakenForGranted = (course: Course, degree: DegreeRules): boolean =>
  degree.level === 'GRADUATE' && course.level === 'UNDERGRADUATE';

function layered(graph: Requires): string[][] {
  const layers: string[][] = [];
  for (const [code, layer] of longestPathLayers(graph)) (layers[layer] ??= []).push(code);
  return layers;
}
