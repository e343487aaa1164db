import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Problem, problemContentType } from '@flowchart/contracts';
import type { Codec, Lifetime, Source } from '@flowchart/cache';
import { securityHeaders } from '@flowchart/platform';
import { namesEtag } from './conditional.js';

/** What is different about each time an answer is sent. */
export interface Sending {
  readonly source: Source;
  readonly ageSeconds: number;
  readonly requestId: string;
}

/** An answer that can be sent again and again. */
export interface StoredAnswer {
  readonly head: AnswerHead;
  readonly body: Buffer;
  send(request: IncomingMessage, response: ServerResponse, sending: Sending): void;
}

interface AnswerHead {
  readonly status: 200 | 404;
  readonly contentType: string;
  readonly cacheControl: string;
  /** Strong; empty for a problem. */
  readonly etag: string;
}

const always = Object.entries(securityHeaders).flat();

/** An answer of 200: its headers are written once, its bytes are never looked at again. */
export class StoredPage implements StoredAnswer {
  private readonly validatorHeaders: string[];
  private readonly allHeaders: string[];

  constructor(
    readonly head: AnswerHead,
    readonly body: Buffer,
  ) {
    const { etag, cacheControl, contentType } = head;
    this.validatorHeaders = [...always, 'etag', etag, 'cache-control', cacheControl];
    this.allHeaders = [
      ...this.validatorHeaders,
      'content-type',
      contentType,
      'content-length',
      String(body.length),
    ];
  }

  send(request: IncomingMessage, response: ServerResponse, sending: Sending): void {
    const ifNoneMatch = request.headers['if-none-match'];
    if (ifNoneMatch !== undefined && namesEtag(ifNoneMatch, this.head.etag)) {
      response.writeHead(304, withSending(this.validatorHeaders, sending)).end();
    } else {
      response.writeHead(200, withSending(this.allHeaders, sending)).end(this.body);
    }
  }
}

/** An answer of 404: the problem belongs to the request that gets it, so it is written anew each time. */
export class StoredProblem implements StoredAnswer {
  private readonly document: Partial<Problem>;

  constructor(
    readonly head: AnswerHead,
    readonly body: Buffer,
  ) {
    this.document = JSON.parse(body.toString('utf8')) as Partial<Problem>;
  }

  send(request: IncomingMessage, response: ServerResponse, sending: Sending): void {
    const instance = request.url?.split('?', 1)[0];
    const body = Buffer.from(JSON.stringify({ ...this.document, instance, requestId: sending.requestId }));
    const { status, contentType, cacheControl } = this.head;
    const about = ['cache-control', cacheControl, 'content-type', contentType];
    const headers = [...always, ...about, 'content-length', String(body.length)];
    response.writeHead(status, withSending(headers, sending)).end(body);
  }
}

export function storedPage(
  answer: { body: Buffer; contentType: string; etag: string | undefined },
  lifetime: Lifetime,
): StoredAnswer {
  const { body, contentType, etag } = answer;
  const head = {
    status: 200,
    contentType,
    cacheControl: cacheControl(lifetime),
    etag: strong(etag) ?? hash(body),
  };
  return new StoredPage(head as AnswerHead, body);
}

export function storedProblem(document: object, lifetime: Lifetime): StoredAnswer {
  const head: AnswerHead = {
    status: 404,
    contentType: problemContentType,
    cacheControl: cacheControl(lifetime),
    etag: '',
  };
  return new StoredProblem(head, Buffer.from(JSON.stringify(document)));
}

const NEWLINE = 0x0a;

/** In Redis an answer is its head as a line of JSON, then its bytes. */
export const storedAnswerCodec: Codec<StoredAnswer> = {
  encode: ({ head, body }) => Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body]),
  decode(stored) {
    const end = stored.indexOf(NEWLINE);
    const head = JSON.parse(stored.toString('utf8', 0, end)) as AnswerHead;
    const body = stored.subarray(end + 1);
    return head.status === 200 ? new StoredPage(head, body) : new StoredProblem(head, body);
  },
  sizeBytes: ({ body }) => body.length,
};

function withSending(headers: readonly string[], { source, ageSeconds, requestId }: Sending): string[] {
  return [...headers, 'x-cache', source, 'age', String(ageSeconds), 'x-request-id', requestId];
}

function cacheControl({ freshMs, revalidateMs, staleMs }: Lifetime): string {
  const [fresh, revalidate, stale] = [freshMs, revalidateMs, staleMs].map((ms) => Math.round(ms / 1000));
  return `public, max-age=${fresh}, stale-while-revalidate=${revalidate}, stale-if-error=${stale}`;
}

/** A weak tag promises less than our own hash does. */
const strong = (etag: string | undefined): string | undefined => (etag?.startsWith('"') ? etag : undefined);

const hash = (body: Buffer): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
