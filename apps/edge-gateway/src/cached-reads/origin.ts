import type { Fetched, Lifetime } from '@flowchart/cache';
import { type EdgeRoute, type Problem, problemSchema, surrogateKeyHeader, tags } from '@flowchart/contracts';
import { AppError } from '@flowchart/platform';
import { Injectable } from '@nestjs/common';
import type { ServiceName } from '../config.js';
import { headerOf, type UpstreamAnswer } from '../upstreams/answer.js';
import { Upstreams } from '../upstreams/upstreams.js';
import { isUnbounded } from './unbounded.js';
import { type StoredAnswer, storedPage, storedProblem } from './stored-answer.js';

/** After its freshness an answer is served once more while a newer one is fetched. */
const REVALIDATE_MS = 60_000;
/** While its service is down it is served for so long: time to start it again by hand. */
const STALE_MS = 600_000;
/** "There is no such thing" is believed for a moment: it stops a rush for nothing, and new things show soon. */
const absent: Lifetime = { freshMs: 5000, revalidateMs: 0, staleMs: 60_000 };

/** Where cacheable answers come from: the services that own them. */
@Injectable()
export class Origin {
  constructor(private readonly upstreams: Upstreams) {}

  /** Asks the owner of `route`. Rejects with the owner's refusal, or with a problem when there is no answer. */
  async fetch(route: EdgeRoute, path: string, requestId: string): Promise<Fetched<StoredAnswer>> {
    const upstream = this.upstreams.of(route.owner as ServiceName);
    const answer = await upstream.call({
      method: 'GET',
      path,
      uri: route.path,
      headers: { 'x-request-id': requestId },
    });
    if (answer.status === 200) return { ...page(route, answer), unbounded: isUnbounded(route, path) };
    const refusal = problemOf(answer);
    if (answer.status !== 404) throw refusal;
    // Whatever is added to the collection may be what was missing.
    const fetchedTags = [
      ...new Set([...tagsOf(answer), route.owner === 'course' ? tags.courses : tags.degrees]),
    ];
    const value = storedProblem(documentOf(refusal), fetchedTags, absent);
    return { value, tags: fetchedTags, lifetime: absent, unbounded: true };
  }
}

function page(route: EdgeRoute, answer: UpstreamAnswer): Fetched<StoredAnswer> {
  const lifetime = {
    freshMs: (route.freshSeconds ?? 0) * 1000,
    revalidateMs: REVALIDATE_MS,
    staleMs: STALE_MS,
  };
  const contentType = headerOf(answer, 'content-type') ?? 'application/json; charset=utf-8';
  const tags = tagsOf(answer);
  const value = storedPage(
    { body: answer.body, contentType, etag: headerOf(answer, 'etag'), tags },
    lifetime,
  );
  return { value, tags, lifetime };
}

/** The tags under which a service wants an answer stored, or evicted after a write. */
export function tagsOf(answer: UpstreamAnswer): string[] {
  return (headerOf(answer, surrogateKeyHeader) ?? '').split(' ').filter((tag) => tag !== '');
}

const documentOf = ({ kind, detail, extensions }: AppError) => ({
  type: extensions['type'],
  title: kind.title,
  status: kind.status,
  detail,
  ...extensions,
});

/** These belong to the one request that asked the service, or are told by the answer itself. */
const ownMembers = new Set(['instance', 'requestId', 'status', 'title', 'detail']);

/** A service's refusal, to be rendered again for each request that gets it. */
function problemOf({ status, body }: UpstreamAnswer): AppError {
  const document = problemDocument(body);
  const { title = 'The request is refused', detail = '' } = document;
  const others = Object.entries(document).filter(([name]) => !ownMembers.has(name));
  const extensions = { type: 'about:blank', ...Object.fromEntries(others) };
  return new AppError({ code: 'REFUSED', status, title }, detail, { extensions });
}

function problemDocument(body: Buffer): Partial<Problem> {
  try {
    return problemSchema.partial().parse(JSON.parse(body.toString('utf8')));
  } catch {
    return {};
  }
}
