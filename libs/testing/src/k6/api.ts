/**
 * What k6 scripts import, for a script that runs in a thread of its own: small, synchronous as k6's is, and strict about
 * what it does not know. All of `k6`, `k6/http` and `k6/metrics` comes from here.
 */
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { K6Answer, K6Ask, K6Report, K6ThreadData } from './messages.js';

const { port, signal } = workerData as K6ThreadData;

export const report: K6Report = { requests: [], checks: {}, counters: {}, sleptSeconds: 0 };

interface Params {
  readonly headers?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly responseCallback?: (status: number) => boolean;
  readonly responseType?: string;
  readonly timeout?: string;
}

interface Response extends K6Answer {
  json(): unknown;
}

/** As k6 has it, when a script does not say what it expects. */
const expectedByDefault = (status: number): boolean => status >= 200 && status < 400;

/** The main thread asks; this one stands still until the answer is there. */
function ask(wanted: K6Ask): K6Answer {
  Atomics.store(signal, 0, 0);
  port.postMessage(wanted);
  Atomics.wait(signal, 0, 0);
  const received: { message: K6Answer } | undefined = receiveMessageOnPort(port);
  if (!received) throw new Error('woken without an answer');
  return received.message;
}

function request(method: string, url: string, body: string | null = null, params: Params = {}): Response {
  const known = new Set(['headers', 'tags', 'responseCallback', 'responseType', 'timeout']);
  const unknown = Object.keys(params).filter((key) => !known.has(key));
  if (unknown.length > 0) throw new Error(`the stand-in of k6 has no parameter ${unknown.join(', ')}`);
  const answer = ask({ method, url, body, headers: params.headers ?? {} });
  report.requests.push({
    name: params.tags?.['name'] ?? url,
    method,
    path: new URL(url).pathname,
    status: answer.status,
    expected: (params.responseCallback ?? expectedByDefault)(answer.status),
  });
  return { ...answer, json: () => JSON.parse(answer.body ?? '') as unknown };
}

const withoutBody = (method: string) => (url: string, params?: Params) => request(method, url, null, params);
const withBody = (method: string) => (url: string, body?: string | null, params?: Params) =>
  request(method, url, body, params);

export default {
  request,
  get: withoutBody('GET'),
  head: withoutBody('HEAD'),
  post: withBody('POST'),
  put: withBody('PUT'),
  del: withBody('DELETE'),
  expectedStatuses:
    (...statuses: readonly (number | { min: number; max: number })[]) =>
    (status: number) =>
      statuses.some((one) =>
        typeof one === 'number' ? one === status : status >= one.min && status <= one.max,
      ),
};

export function check<T>(value: T, sets: Readonly<Record<string, (value: T) => unknown>>): boolean {
  let all = true;
  for (const [name, holds] of Object.entries(sets)) {
    const passed = Boolean(holds(value));
    const counts = (report.checks[name] ??= { passes: 0, fails: 0 });
    if (passed) counts.passes++;
    else counts.fails++;
    all &&= passed;
  }
  return all;
}

export const group = <T>(_name: string, body: () => T): T => body();

/** Nobody waits in a test; how long a user would have is told. */
export function sleep(seconds: number): void {
  if (!(seconds >= 0)) throw new Error(`sleep(${seconds})`);
  report.sleptSeconds += seconds;
}

export class Counter {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
    report.counters[name] = 0;
  }
  add(value: number): void {
    report.counters[this.name] = (report.counters[this.name] ?? 0) + value;
  }
}
