/** Totals of searches, each true for one version of the catalogue: counting is most of the cost of a large search. */
import type { CourseQuery } from '@flowchart/contracts';

interface Total {
  readonly catalogue: string;
  readonly courses: number;
}

/** Filters of a day's searches; the words come from users, so there is no end of them. */
const MOST_REMEMBERED = 1000;

export class RememberedTotals {
  private readonly totals = new Map<string, Total>();

  get(query: CourseQuery): Total | undefined {
    return this.totals.get(filterOf(query));
  }

  set(query: CourseQuery, total: Total): void {
    const filter = filterOf(query);
    this.totals.delete(filter);
    this.totals.set(filter, total);
    const [oldest] = this.totals.keys();
    if (this.totals.size > MOST_REMEMBERED && oldest !== undefined) this.totals.delete(oldest);
  }
}

const filterOf = ({ level, department, term, q }: CourseQuery): string =>
  JSON.stringify([level, department, term, q]);
