// Cached bytes equal the origin's: what is stored, in all its forms, is held against a page that was fetched from the owner just now.

import { isDeepStrictEqual } from 'node:util';
import type { AuditCheck } from '../analysis/findings.js';
import type { Catalogue } from '../users/catalogue.js';
import { Random } from '../users/random.js';
import { reasonOf, type AuditedEdge, type Reply } from './edge.js';
import { sample } from './sample.js';
import { TallySheet } from './tally-sheet.js';

interface Item {
  readonly id: string;
  readonly code: string;
}
interface Page {
  readonly items: readonly Item[];
}

const maxCourses = 25;
const maxDegrees = 10;
/** Items of a first page as everybody asks for it. */
const usualPage = 20;
const largestPage = 100;
const originAttempts = 5;

export interface CacheSample {
  readonly catalogue: Catalogue;
  readonly seed: number;
}

/** Some courses and degrees with each of their views, and the first page of both lists. */
export async function checkCaches(edge: AuditedEdge, { catalogue, seed }: CacheSample): Promise<AuditCheck> {
  const population = `${catalogue.courses.length} courses and ${catalogue.degrees.length} degrees`;
  const sheet = new TallySheet('cached bytes', population);
  const comparison = new Comparison(edge, new Random(seed));
  const subjects = [
    () => comparison.list('/courses'),
    () => comparison.list('/degrees'),
    ...sample(catalogue.courses, maxCourses, seed).map((course) => () => comparison.course(course)),
    ...sample(catalogue.degrees, maxDegrees, seed).map((degree) => () => comparison.degree(degree)),
  ];
  const examined = await edge.each(subjects, async (examine) => {
    try {
      for (const difference of await examine()) sheet.violation(difference);
    } catch (error) {
      sheet.violation(`nothing to compare with: ${reasonOf(error)}`);
    }
  });
  return sheet.close(examined, true);
}

class Comparison {
  constructor(
    private readonly edge: AuditedEdge,
    private readonly random: Random,
  ) {}

  async list(path: string): Promise<string[]> {
    const { items } = await this.origin(
      path,
      () => usualPage + this.random.below(largestPage - usualPage + 1),
    );
    const stored = JSON.parse((await this.edge.ask(path)).text) as Page;
    const same = isDeepStrictEqual(stored.items, items.slice(0, stored.items.length));
    return [...(same ? [] : [`${path} lists other items than the origin`]), ...(await this.forms(path))];
  }

  async course({ id, code }: Item): Promise<string[]> {
    const search = `/courses?q=${code.toLowerCase()}`;
    const { items } = await this.origin(search, () => 1 + this.random.below(largestPage));
    const origin = items.find((item) => item.code === code);
    const { course } = (await this.edge.json(`/courses/${id}/prerequisites`)) as { course?: unknown };
    const shown = isDeepStrictEqual(course, origin)
      ? []
      : [`/courses/${id}/prerequisites shows an older ${code}`];
    const views = await this.views([`/courses/code/${code}`, `/courses/${id}`], origin);
    return [...shown, ...views, ...(await this.forms(`/courses/${id}/prerequisites`))];
  }

  /** Parts of a degree bear the ETag of its version: the origin's list tells it, although it does not show the parts. */
  async degree({ id, code }: Item): Promise<string[]> {
    const { items } = await this.origin(
      '/degrees',
      () => usualPage + this.random.below(largestPage - usualPage + 1),
    );
    const origin = items.find((item) => item.code === code);
    const whole = `/degrees/${id}`;
    const [etag, ...others] = await Promise.all(
      [`/degrees/code/${code}`, `${whole}/requirements`, `${whole}/constraints`].map(async (path) =>
        (await this.edge.ask(path, plain)).header('etag'),
      ),
    );
    const versions = others.every((other) => other === etag)
      ? []
      : [`the parts of ${code} are of different versions: ${[etag, ...others].join(', ')}`];
    const views = await this.views([`/degrees/code/${code}`], origin);
    const parts = [`${whole}/requirements`, `${whole}/constraints`, `${whole}/flowchart`];
    const forms = await Promise.all(parts.map((path) => this.forms(path)));
    return [...versions, ...views, ...forms.flat()];
  }

  private async views(paths: readonly string[], origin: Item | undefined): Promise<string[]> {
    const differences = await Promise.all(
      paths.map(async (path) => {
        const same = isDeepStrictEqual(await this.edge.json(path), origin);
        return [...(same ? [] : [`${path} differs from the origin`]), ...(await this.forms(path))];
      }),
    );
    return differences.flat();
  }

  /** Compressed or not, the same text; and 304 for who has it. */
  private async forms(path: string): Promise<string[]> {
    const identity = await this.edge.ask(path, plain);
    const gzip = await this.edge.ask(path, { headers: { 'accept-encoding': 'gzip' } });
    const known = await this.edge.ask(path, {
      headers: { ...plain.headers, 'if-none-match': identity.header('etag') ?? '' },
    });
    const found: string[] = [];
    if (identity.status !== 200) found.push(`${path} answered ${identity.status}`);
    if (identity.text !== gzip.text) found.push(`${path} has other bytes when compressed`);
    if (known.status !== 304) found.push(`${path} answered ${known.status} to its own ETag`);
    return found;
  }

  /** A page of a size that nobody has asked for is stored nowhere: `x-cache: MISS` says that the owner made it just now. */
  private async origin(path: string, size: () => number): Promise<Page> {
    let last: Reply | undefined;
    for (let attempt = 0; attempt < originAttempts; attempt++) {
      const separator = path.includes('?') ? '&' : '?';
      last = await this.edge.ask(`${path}${separator}limit=${size()}`, plain);
      if (last.status === 200 && last.header('x-cache') === 'MISS') return JSON.parse(last.text) as Page;
    }
    throw new Error(
      `${path} was never answered by its origin, last ${last?.status} ${last?.header('x-cache')}`,
    );
  }
}

const plain = { headers: { 'accept-encoding': 'identity' } };
