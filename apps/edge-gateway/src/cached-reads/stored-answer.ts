/** Answers that can be sent again and again, and how they travel to Redis. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Problem, problemContentType, surrogateKeyHeader } from '@flowchart/contracts';
import type { Codec, Lifetime } from '@flowchart/cache';
import { securityHeaders } from '@flowchart/platform';
import type { Accepted } from './accept-encoding.js';
import { Representations } from './representations.js';
import { type Sending, SendingHeaders } from './sending-headers.js';

export interface StoredAnswer {
  readonly head: AnswerHead;
  readonly body: Buffer;
  /** Of all that is held of it. */
  readonly sizeBytes: number;
  /** Whether it could still be made in the coding that a client likes best. */
  lacks(accepted: Accepted): boolean;
  /** Makes that coding; `grown` is called once, when it is there. */
  prepare(accepted: Accepted, grown: () => void): Promise<void>;
  send(request: IncomingMessage, response: ServerResponse, sending: Sending): void;
}

export interface AnswerHead {
  readonly status: 200 | 404;
  readonly contentType: string;
  readonly cacheControl: string;
  /** Strong, and of the bytes as they are; empty for a problem. */
  readonly etag: string;
  /** Names by which a cache in front may be told to drop it. */
  readonly surrogateKey: string;
}

const always = Object.entries(securityHeaders).flat();

/** An answer of 200: its headers are written once, its bytes are never looked at again. */
export class StoredPage implements StoredAnswer {
  private readonly representations: Representations;

  constructor(
    readonly head: AnswerHead,
    readonly body: Buffer,
  ) {
    const { etag, cacheControl, contentType, surrogateKey } = head;
    const common = {
      etag,
      always: [...always, 'cache-control', cacheControl],
      withBody: ['content-type', contentType, ...purgedBy(surrogateKey)],
    };
    this.representations = new Representations(common, body);
  }

  get sizeBytes(): number {
    return this.representations.sizeBytes;
  }

  lacks(accepted: Accepted): boolean {
    return this.representations.lacks(accepted);
  }

  prepare(accepted: Accepted, grown: () => void): Promise<void> {
    return this.representations.make(accepted, grown);
  }

  send(request: IncomingMessage, response: ServerResponse, sending: Sending): void {
    const ifNoneMatch = request.headers['if-none-match'];
    const unchanged =
      ifNoneMatch === undefined ? undefined : this.representations.notModified(ifNoneMatch, sending.accepted);
    if (unchanged) {
      response.writeHead(304, unchanged.with(sending)).end();
    } else {
      const { headers, body } = this.representations.best(sending.accepted);
      response.writeHead(200, headers.with(sending)).end(body);
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

  get sizeBytes(): number {
    return this.body.length;
  }

  lacks(): boolean {
    return false;
  }

  async prepare(): Promise<void> {
    // It is different each time, so there is nothing to be made in advance.
  }

  send(request: IncomingMessage, response: ServerResponse, sending: Sending): void {
    const instance = request.url?.split('?', 1)[0];
    const body = Buffer.from(JSON.stringify({ ...this.document, instance, requestId: sending.requestId }));
    const { status, contentType, cacheControl, surrogateKey } = this.head;
    const about = ['cache-control', cacheControl, 'content-type', contentType, ...purgedBy(surrogateKey)];
    const headers = [...always, ...about, 'content-length', String(body.length)];
    response.writeHead(status, new SendingHeaders(headers).with(sending)).end(body);
  }
}

/** What a service answered, as far as it is stored. */
interface Given {
  readonly body: Buffer;
  readonly contentType: string;
  readonly etag: string | undefined;
  readonly tags: readonly string[];
}

export function storedPage({ body, contentType, etag, tags }: Given, lifetime: Lifetime): StoredAnswer {
  const head: AnswerHead = {
    status: 200,
    contentType,
    cacheControl: cacheControl(lifetime),
    etag: strong(etag) ?? hash(body),
    surrogateKey: tags.join(' '),
  };
  return new StoredPage(head, body);
}

export function storedProblem(document: object, tags: readonly string[], lifetime: Lifetime): StoredAnswer {
  const head: AnswerHead = {
    status: 404,
    contentType: problemContentType,
    cacheControl: cacheControl(lifetime),
    etag: '',
    surrogateKey: tags.join(' '),
  };
  return new StoredProblem(head, Buffer.from(JSON.stringify(document)));
}

const NEWLINE = 0x0a;

/**
 * In Redis an answer is its head as a line of JSON, then its bytes as they are: a process that wants them compressed
 * does that itself, once for as long as it keeps them, and Redis and the wire to it carry no bytes that nobody asks for.
 */
export const storedAnswerCodec: Codec<StoredAnswer> = {
  encode: ({ head, body }) => Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body]),
  decode(stored) {
    const end = stored.indexOf(NEWLINE);
    const head = JSON.parse(stored.toString('utf8', 0, end)) as AnswerHead;
    const body = stored.subarray(end + 1);
    return head.status === 200 ? new StoredPage(head, body) : new StoredProblem(head, body);
  },
  sizeBytes: ({ sizeBytes }) => sizeBytes,
};

const purgedBy = (surrogateKey: string): string[] =>
  surrogateKey === '' ? [] : [surrogateKeyHeader, surrogateKey];

function cacheControl({ freshMs, revalidateMs, staleMs }: Lifetime): string {
  const [fresh, revalidate, stale] = [freshMs, revalidateMs, staleMs].map((ms) => Math.round(ms / 1000));
  return `public, max-age=${fresh}, stale-while-revalidate=${revalidate}, stale-if-error=${stale}`;
}

/** A weak tag promises less than our own hash does. */
const strong = (etag: string | undefined): string | undefined => (etag?.startsWith('"') ? etag : undefined);

const hash = (body: Buffer): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
