/** Many different pages of the course list, of about the same size: what a cache can be made to miss with. */
import { BenchError } from '../../bench-error.js';
import { recordAnswer } from '../../servers/recorded-answer.js';

interface CoursePage {
  readonly items: readonly unknown[];
  readonly page: { readonly total: number; readonly next: string | null };
}

const LARGEST_PAGE = 100;
const filters = ['', 'FALL', 'SPRING', 'SUMMER'].flatMap((term) =>
  ['', 'GRADUATE', 'UNDERGRADUATE'].map((level) => ({ ...(level && { level }), ...(term && { term }) })),
);

/** Pages of so many courses from every position of the catalogue that is not too near its end, under every filter. */
export function pagesOf(limit: number, cursors: readonly string[]): string[] {
  return filters.flatMap((filter) =>
    cursors.map((cursor) => pathOf({ cursor, ...filter, limit: String(limit) })),
  );
}

/** A cursor for each position in the catalogue but the last hundred, where pages would come out short. */
export async function discoverCursors(port: number): Promise<string[]> {
  const cursors: string[] = [];
  for (let base: string | null = ''; base !== null;) {
    const last: CoursePage = await readPage(port, LARGEST_PAGE, base);
    if (last.page.next === null) break;
    for (let limit = 1; limit <= LARGEST_PAGE; limit++)
      cursors.push((await readPage(port, limit, base)).page.next as string);
    base = last.page.next;
  }
  return cursors.slice(0, -LARGEST_PAGE);
}

async function readPage(port: number, limit: number, cursor: string): Promise<CoursePage> {
  const path = pathOf({ limit: String(limit), ...(cursor && { cursor }) });
  const answer = await recordAnswer(port, path);
  if (answer.status !== 200) throw new BenchError(`${path} answers ${answer.status}`);
  return JSON.parse(Buffer.from(answer.body).toString()) as CoursePage;
}

const pathOf = (query: Record<string, string>): string => `/courses?${new URLSearchParams(query).toString()}`;
