/** What the thread of a k6 script and the thread that started it say to each other. */
import type { MessagePort } from 'node:worker_threads';

export interface K6ThreadData {
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** How often each function of a scenario, and the default one, is called. */
  readonly iterations: number;
  readonly port: MessagePort;
  /** Set to 1 and notified when an answer lies in the port. */
  readonly signal: Int32Array;
}

export interface K6Ask {
  readonly method: string;
  readonly url: string;
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface K6Answer {
  /** 0 when nothing came back. */
  readonly status: number;
  /** Names as Go writes them, `Etag`: a script that looks for `etag` alone fails on the real k6, too. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface K6Request {
  /** The tag. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly expected: boolean;
}

/** What was seen while the script ran. */
export interface K6Report {
  readonly requests: K6Request[];
  readonly checks: Record<string, { passes: number; fails: number }>;
  readonly counters: Record<string, number>;
  sleptSeconds: number;
}

/** As far as tests look at it. */
export interface K6Options {
  readonly vus?: number;
  readonly duration?: string;
  readonly scenarios?: Readonly<
    Record<
      string,
      {
        readonly executor: string;
        readonly exec?: string;
        readonly stages?: readonly { readonly duration: string; readonly target: number }[];
      }
    >
  >;
  readonly thresholds?: Readonly<Record<string, readonly string[]>>;
}

export interface K6Run extends K6Report {
  readonly options: K6Options;
}
