// A user: its own chance, its session, the pages it has seen; and the requests it can make.

import type { Catalogue } from './catalogue.js';
import type { Endpoint } from './endpoint.js';
import { Random } from './random.js';
import type { Answer, Step, Tally } from './step.js';

export interface Session {
  readonly username: string;
  readonly authorization: string;
}

interface StepOptions {
  readonly headers?: string;
  readonly body?: unknown;
  readonly alsoExpected?: readonly number[];
  readonly think?: boolean;
}

const none: readonly number[] = [];
const notModified: readonly number[] = [304];
/** Pages a user keeps the ETag of; a browser's cache keeps more, but this many are all that recur in a journey. */
const maxSeenPages = 8;

export class User {
  /** Present while logged in. */
  session: Session | undefined;
  private readonly seen = new Map<string, string>();

  /** Drawn from by the journey under way. */
  random = new Random(0);

  constructor(
    readonly catalogue: Catalogue,
    readonly students: number,
    readonly tally: Tally,
  ) {}

  get(endpoint: Endpoint, path: string = endpoint.path): Step {
    return this.step(endpoint, path);
  }

  /** As a browser asks for a page it may still have: with the ETag of the last time, when there was one. */
  revisit(endpoint: Endpoint, path: string = endpoint.path): Step {
    const etag = this.seen.get(path);
    if (etag === undefined) return this.step(endpoint, path);
    return this.step(endpoint, path, { headers: `If-None-Match: ${etag}\r\n`, alsoExpected: notModified });
  }

  /** Keeps the ETag of a page for `revisit`. */
  remember(path: string, answer: Answer): void {
    const etag = answer.status === 200 ? answer.header('etag') : undefined;
    if (etag === undefined) return;
    if (!this.seen.has(path) && this.seen.size >= maxSeenPages) this.seen.clear();
    this.seen.set(path, etag);
  }

  /** A request under the session's token. */
  withToken(endpoint: Endpoint, session: Session, options: StepOptions = {}): Step {
    return this.step(endpoint, endpoint.path, {
      ...options,
      headers: session.authorization + (options.headers ?? ''),
    });
  }

  step(endpoint: Endpoint, path: string, options: StepOptions = {}): Step {
    return {
      endpoint,
      path,
      headers: options.headers ?? '',
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      alsoExpected: options.alsoExpected ?? none,
      think: options.think ?? true,
    };
  }

  check(name: string, passed: boolean): void {
    this.tally.check(name, passed);
  }
}
