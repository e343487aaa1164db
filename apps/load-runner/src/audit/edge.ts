// How the audit asks: as any client would, a few requests at a time, patient with a system that has just been under load.

import { setTimeout as sleep } from 'node:timers/promises';

export interface Reply {
  readonly status: number;
  readonly text: string;
  header(name: string): string | undefined;
}

export interface Asking {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Statuses by which a system says that it will answer soon. */
const soon: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const betweenAttemptsMs = 250;
const requestLimitMs = 3000;
/** A login costs the system 11 ms of a core: four at a time leave it room. */
const concurrency = 4;

export class AuditedEdge {
  constructor(
    private readonly baseUrl: string,
    /** When the patience ends, on the clock of `Date.now`. */
    private readonly deadlineMs: number,
  ) {}

  get timeIsUp(): boolean {
    return Date.now() >= this.deadlineMs;
  }

  /** The answer, or where none came until the time was up, the last refusal; rejects where there was not even one. */
  async ask(path: string, asking: Asking = {}): Promise<Reply> {
    for (;;) {
      try {
        const reply = await this.once(path, asking);
        if (!soon.has(reply.status) || this.timeIsUp) return reply;
      } catch (error) {
        if (this.timeIsUp) throw new Error(`${path}: ${reasonOf(error)}`, { cause: error });
      }
      await sleep(betweenAttemptsMs);
    }
  }

  async json(path: string, asking: Asking = {}): Promise<unknown> {
    const { status, text } = await this.ask(path, asking);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    return JSON.parse(text) as unknown;
  }

  /** Calls `examine` for one item after the other until the time is up; returns how many it was called for. */
  async each<T>(items: readonly T[], examine: (item: T) => Promise<void>): Promise<number> {
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < items.length && !this.timeIsUp) await examine(items[next++] as T);
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
    return next;
  }

  private async once(path: string, { method = 'GET', headers = {}, body }: Asking): Promise<Reply> {
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(requestLimitMs),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, header: (name) => response.headers.get(name) ?? undefined };
  }
}

export function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
  return cause?.code ?? cause?.message ?? message;
}
