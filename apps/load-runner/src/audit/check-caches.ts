// Cached bytes equal the origin's: what is stored, in all its forms, is held against a page that was fetched from the owner just now.

import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { AuditCheck } from '../analysis/findings.js';
import type { Catalogue } from '../users/catalogue.js';
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
/** Items of a page: a whole one is at least as long as the first one that everybody asks for. */
const anyPage = { from: 1, to: 100 };
const wholePage = { from: 20, to: 100 };

export interface CacheSample {
  readonly catalogue: Catalogue;
  readonly seed: number;
}

/** Some courses and degrees with each of their views, and the first page of both lists. */
export async function checkCaches(edge: AuditedEdge, { catalogue, seed }: CacheSample): Promise<AuditCheck> {
  const population = `${catalogue.courses.length} courses and ${catalogue.degrees.length} degrees`;
  const sheet = new TallySheet('cached bytes', population);
  const comparison = new Comparison(edge);
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
  /** Lists of the origin, once each: other sizes of them are spared for the audits to come. */
  private readonly lists = new Map<string, Promise<Page>>();

  constructor(private readonly edge: AuditedEdge) {}

  async list(path: string): Promise<string[]> {
    const { items } = await this.wholeList(path);
    const stored = JSON.parse((await this.edge.ask(path)).text) as Page;
    const same = isDeepStrictEqual(stored.items, items.slice(0, stored.items.length));
    return [...(same ? [] : [`${path} lists other items than the origin`]), ...(await this.forms(path))];
  }

  async course({ id, code }: Item): Promise<string[]> {
    const search = `/courses?q=${code.toLowerCase()}`;
    const { items } = await this.origin(search, anyPage);
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
    const { items } = await this.wholeList('/degrees');
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

  private wholeList(path: string): Promise<Page> {
    const list = this.lists.get(path) ?? this.origin(path, wholePage);
    this.lists.set(path, list);
    return list;
  }

  /**
   * A page of a size that nobody has asked for is stored nowhere: `x-cache: MISS` says that the owner made it just now.
   * Sizes are tried from any one on, whatever the seed: runs of one seed, one after another, would try the same.
   */
  private async origin(path: string, { from, to }: { from: number; to: number }): Promise<Page> {
    const sizes = to - from + 1;
    const first = randomInt(sizes);
    let last: Reply | undefined;
    for (let attempt = 0; attempt < sizes; attempt++) {
      const limit = from + ((first + attempt) % sizes);
      last = await this.edge.ask(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}`, plain);
      if (last.status === 200 && last.header('x-cache') === 'MISS') return JSON.parse(last.text) as Page;
      if (last.status !== 200) break;
    }
    throw new Error(
      `${path} was never answered by its origin, last ${last?.status} ${last?.header('x-cache')}`,
    );
  }
}

const plain = { headers: { 'accept-encoding': 'identity' } };
