import { SingleFlight } from '@flowchart/kernel';
import { AppError, platformErrors } from '../errors/app-error.js';
import type { ServiceClient } from './service-client.js';

interface Copy<T> {
  readonly value: T;
  readonly etag: string | undefined;
  readonly freshUntilMs: number;
}

export interface KeptCopyOptions<T> {
  readonly client: ServiceClient;
  readonly path: string;
  /** How long the copy is used without asking whether it changed. */
  readonly freshMs: number;
  /** Turns the answer's JSON into what callers want, once per change. */
  readonly parse: (json: unknown) => T;
}

/**
 * Another service's data, kept here: revalidated by ETag when it is no longer fresh, and used on as it is while its
 * owner does not answer. Fails only when there has never been a copy.
 */
export class KeptCopy<T> {
  private copy: Copy<T> | undefined;
  private changes = 0;
  private readonly flights = new SingleFlight<T>();

  constructor(private readonly options: KeptCopyOptions<T>) {}

  async get(): Promise<T> {
    if (this.copy && Date.now() < this.copy.freshUntilMs) return this.copy.value;
    // A fetch that began before the latest change may bring what was true before it.
    return this.flights.do(String(this.changes), () => this.refresh());
  }

  /** Makes the next `get` ask whether the copy is still true. */
  expire(): void {
    this.changes++;
    if (this.copy) this.copy = { ...this.copy, freshUntilMs: 0 };
  }

  private async refresh(): Promise<T> {
    try {
      return await this.ask();
    } catch (error) {
      if (!this.copy || !(error instanceof AppError)) throw error;
      // Asked again after the usual time, so that an owner that is down is not asked by every request.
      return this.keep(this.copy.value, this.copy.etag);
    }
  }

  private async ask(): Promise<T> {
    const { client, path, parse } = this.options;
    const known = this.copy;
    const { status, headers, body } = await client.call(path, {
      headers: known?.etag ? { 'if-none-match': known.etag } : {},
    });
    if (status === 304 && known) return this.keep(known.value, known.etag);
    if (status !== 200) throw unavailable(`${path} answered ${status}.`);
    const { etag } = headers;
    return this.keep(read(parse, body, path), typeof etag === 'string' ? etag : undefined);
  }

  private keep(value: T, etag: string | undefined): T {
    this.copy = { value, etag, freshUntilMs: Date.now() + this.options.freshMs };
    return value;
  }
}

function read<T>(parse: (json: unknown) => T, body: Buffer, path: string): T {
  try {
    return parse(JSON.parse(body.toString('utf8')));
  } catch (cause) {
    throw unavailable(`What ${path} answered cannot be read.`, cause);
  }
}

const unavailable = (detail: string, cause?: unknown): AppError =>
  new AppError(platformErrors.DEPENDENCY_UNAVAILABLE, detail, { cause, headers: { 'retry-after': '1' } });
