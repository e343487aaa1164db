/** What the bare servers answer: recorded pages, and their 304 for whoever has them already. */
import { headerOf, type RecordedAnswer } from './recorded-answer.js';

/** As the edge has it: Node tells it in a header, which is to be the same. */
export const KEEP_ALIVE_MS = 65_000;

export interface ReplaySetup {
  readonly answers: readonly RecordedAnswer[];
}

export interface ReplayedPage {
  readonly page: RecordedAnswer;
  readonly etag: string | undefined;
  readonly notModified: RecordedAnswer | undefined;
}

/** By path and query. */
export function replayedPages({ answers }: ReplaySetup): Map<string, ReplayedPage> {
  const notModified = new Map(
    answers.filter(({ status }) => status === 304).map((answer) => [answer.target, answer]),
  );
  const pages = answers.filter(({ status }) => status !== 304);
  return new Map(
    pages.map((page) => [
      page.target,
      { page, etag: headerOf(page, 'etag'), notModified: notModified.get(page.target) },
    ]),
  );
}
