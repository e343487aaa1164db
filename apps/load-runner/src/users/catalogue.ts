// What the system offers, as found by asking it before the run: journeys use real codes and ids, none is written down here.

import { coursePageSchema, degreePageSchema, type Course } from '@flowchart/contracts';
import type { z } from 'zod';

export interface CatalogueCourse {
  readonly id: string;
  readonly code: string;
  readonly department: string;
  readonly level: string;
  readonly credits: number;
  readonly terms: readonly string[];
  /** Without prerequisites. */
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
  const found = await discoverCourses(baseUrl);
  const { items: degrees } = await ask(`${baseUrl}/degrees?limit=${pageSize}`, degreePageSchema);
  if (found.length === 0 || degrees.length === 0) {
    throw new DiscoveryError(
      `${baseUrl} lists ${found.length} courses and ${degrees.length} degrees: seed it first`,
    );
  }
  return {
    courses: found.map(({ id, code, department, level, credits, terms, prerequisites }) => ({
      ...{ id, code, department, level, credits, terms },
      free: prerequisites.length === 0,
    })),
    departments: distinct(found.map((course) => course.department)),
    levels: distinct(found.map((course) => course.level)),
    degrees: degrees.map(({ id, code }) => ({ id, code })),
  };
}

async function discoverCourses(baseUrl: string): Promise<Course[]> {
  const found: Course[] = [];
  let query = `limit=${pageSize}`;
  for (let count = 0; count < maxPages; count++) {
    const { items, page } = await ask(`${baseUrl}/courses?${query}`, coursePageSchema);
    found.push(...items);
    if (page.next === null) break;
    query = `limit=${pageSize}&cursor=${encodeURIComponent(page.next)}`;
  }
  return found;
}

/** The answer to a GET, if it is what the contract says. */
async function ask<T>(url: string, schema: z.ZodType<T>): Promise<T> {
  const json = await getJson(url);
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new DiscoveryError(
    `GET ${url} did not answer as a Degree Flowchart does: ${issue?.path.join('.')}: ${issue?.message}`,
  );
}

async function getJson(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(10_000),
    });
    if (response.ok) return await response.json();
    throw new DiscoveryError(
      `GET ${url} answered ${response.status}: ${(await response.text()).slice(0, 200)}`,
    );
  } catch (error) {
    if (error instanceof DiscoveryError) throw error;
    throw new DiscoveryError(
      `GET ${url} was not answered with JSON (${(error as Error).message}): is this the edge gateway?`,
    );
  }
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();
