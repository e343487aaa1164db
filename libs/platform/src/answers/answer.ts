/** Answers that caches can work with: a validator, the tags that evict them, and 304 for those who have them already. */
import { surrogateKeyHeader } from '@flowchart/contracts';
import type { FastifyReply } from 'fastify';

export interface Answer {
  /** JSON, ready to be sent. */
  readonly body: string;
  /** Quoted, as it stands in the header. */
  readonly etag: string;
  readonly tags: readonly string[];
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends what was read, or 304 when the caller has it. */
export function sendRead(reply: FastifyReply, answer: Answer): void {
  if (namesEtag(reply.request.headers['if-none-match'], answer.etag)) {
    void describe(reply, answer).status(304).send();
  } else {
    void describe(reply, answer).type(JSON_TYPE).send(answer.body);
  }
}

/** Sends what was written. */
export function sendWritten(reply: FastifyReply, answer: Answer, status: 200 | 201 = 200): void {
  void describe(reply, answer).status(status).type(JSON_TYPE).send(answer.body);
}

const describe = (reply: FastifyReply, { etag, tags }: Answer): FastifyReply =>
  reply.headers({ etag, [surrogateKeyHeader]: tags.join(' ') });

/** RFC 9110, 13.1.2: weak comparison, so a cache may have marked the tag as weak. */
function namesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header === '*' || etagsIn(header).some((given) => given.replace(/^W\//, '') === etag);
}

/** RFC 9110, 13.1.1: strong comparison; without the header every state will do. */
export function meetsIfMatch(header: string | undefined, etag: string): boolean {
  return header === undefined || header.trim() === '*' || etagsIn(header).includes(etag);
}

const etagsIn = (header: string): string[] => header.split(',').map((part) => part.trim());
