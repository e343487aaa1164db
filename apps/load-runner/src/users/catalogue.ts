// What the system offers, as found by asking it before the run: journeys use real codes and ids, none is written down here.

import type { CoursePage, DegreePage } from '@flowchart/contracts';

export interface CatalogueCourse {
  readonly id: string;
  readonly code: string;
  readonly department: string;
  readonly level: string;
  readonly credits: number;
  readonly terms: readonly string[];
  readonly free: boolean;
}

export interface Catalogue {
  readonly courses: readonly CatalogueCourse[];
  readonly departments: readonly string[];
  readonly levels: readonly string[];
  readonly degrees: readonly { readonly id: string; readonly code: string }[];
}

/** The target answers, but not as a Degree Flowchart does. */
export class DiscoveryError extends Error {
  override readonly name = 'DiscoveryError';
}

/** Largest page the API gives; 30 pages are far more than any catalogue of its kind and end a paging loop gone wrong. */
const pageSize = 100;
const maxPages = 30;

export async function discoverCatalogue(baseUrl: string): Promise<Catalogue> {
  const courses: CatalogueCourse[] = [];
  let cursor: string | null = null;
  for (let page = 0; page === 0 || (cursor !== null && page < maxPages); page++) {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = (await getJson(`${baseUrl}/courses?limit=${pageSize}${query}`)) as CoursePage;
    for (const { id, code, department, level, credits, terms, prerequisites } of answer.items ?? []) {
      courses.push({ id, code, department, level, credits, terms, free: prerequisites.length === 0 });
    }
    cursor = answer.page?.next ?? null;
  }
  const degrees = ((await getJson(`${baseUrl}/degrees?limit=${pageSize}`)) as DegreePage).items ?? [];
  if (courses.length === 0 || degrees.length === 0) {
    throw new DiscoveryError(
      `${baseUrl} lists ${courses.length} courses and ${degrees.length} degrees: seed it first`,
    );
  }
  return {
    courses,
    departments: distinct(courses.map((course) => course.department)),
    levels: distinct(courses.map((course) => course.level)),
    degrees: degrees.map(({ id, code }) => ({ id, code })),
  };
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok)
    throw new DiscoveryError(
      `GET ${url} answered ${response.status}: ${(await response.text()).slice(0, 200)}`,
    );
  try {
    return await response.json();
  } catch {
    throw new DiscoveryError(`GET ${url} did not answer with JSON: is this the edge gateway?`);
  }
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();
