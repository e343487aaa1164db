// What each fault cost and how the system came out of it, from the seconds of the run alone.

import { LatencyHistogram } from '../engine/latency-histogram.js';
import type { Second } from '../engine/timeline.js';
import type { FaultFigures } from './findings.js';

export interface PlayedFault {
  readonly part: string;
  readonly action: string;
  readonly forMs: number;
  readonly atMs: number;
  /** When the part was thawed, or ready again. */
  readonly releasedMs: number;
}

const beforeSeconds = 5;
const limitSeconds = 10;
/** The edge has these in its caches, so they are answered whichever part behind it is down. */
const cachedReads = [
  'listCourses',
  'listCoursesByLevel',
  'listCoursesByDepartment',
  'getCourse',
  'getCourseByCode',
  'listDegrees',
  'getDegreeByCode',
];

export function judgeFaults(seconds: readonly Second[], faults: readonly PlayedFault[]): FaultFigures[] {
  return faults.map((fault, index) => {
    const next = faults[index + 1];
    return judge(
      seconds.filter(({ users }) => users > 0),
      fault,
      next ? Math.floor(next.atMs / 1000) : Infinity,
    );
  });
}

/** Recovered: two seconds with answers, errors within 0.1 points and p95 within 1.2 times (or 10 ms) of before. */
function judge(seconds: readonly Second[], fault: PlayedFault, nextSecond: number): FaultFigures {
  const atSecond = Math.floor(fault.atMs / 1000);
  const released = Math.ceil(fault.releasedMs / 1000);
  const before = seconds.filter(({ second }) => second >= atSecond - beforeSeconds && second < atSecond);
  const own = seconds.filter(({ second }) => second >= atSecond && second < nextSecond);
  // The worst second, not all of them together: healthy seconds vary as those before the fault did.
  const p95Before = worstP95(before);
  const healthy = (one: Second | undefined) =>
    one !== undefined &&
    one.requests > one.failed &&
    failedShare([one]) <= failedShare(before) + 0.001 &&
    one.responseP95Ms <= Math.max(1.2 * p95Before, p95Before + 10);
  const at = own.findIndex((one, i) => one.second >= released && healthy(one) && healthy(own[i + 1]));
  const recovery = own[at];
  const recoverySeconds = recovery ? recovery.second - released : null;
  const during = recovery ? own.slice(0, at) : own;
  const goodBefore = before.length === 0 ? 0 : good(before) / before.length;
  const down = own.filter(({ second }) => second < released);
  const cachedFailed = fault.part === 'edge-gateway' ? 0 : cachedFailures(down);
  const ok = recoverySeconds !== null && recoverySeconds < limitSeconds && cachedFailed === 0;
  const outcome =
    recoverySeconds === null
      ? 'did not recover before the next fault'
      : `recovered ${recoverySeconds} s after`;
  return {
    atSecond,
    part: fault.part,
    action: fault.action,
    forMs: fault.forMs,
    errors: errorsOf(during),
    goodputLost: Math.max(0, Math.round(goodBefore * during.length - good(during))),
    p95Ms: p95Ms(during),
    recoverySeconds,
    ok,
    verdict: `${fault.action} of ${fault.part}: ${outcome}${cachedFailed > 0 ? `; ${cachedFailed} cached reads failed meanwhile` : ''}`,
  };
}

const sum = (seconds: readonly Second[], value: (second: Second) => number): number =>
  seconds.reduce((total, second) => total + value(second), 0);
const good = (seconds: readonly Second[]): number => sum(seconds, (one) => one.requests - one.failed);
const failedShare = (seconds: readonly Second[]): number =>
  sum(seconds, (one) => one.failed) /
  Math.max(
    1,
    sum(seconds, (one) => one.requests),
  );
const worstP95 = (seconds: readonly Second[]): number =>
  Math.max(0, ...seconds.map((one) => one.responseP95Ms));

/** Of all response times of these seconds: by their histograms, as percentiles cannot be added up. */
function p95Ms(seconds: readonly Second[]): number {
  const all = new LatencyHistogram();
  for (const { responseHdr } of seconds) all.add(LatencyHistogram.decode(responseHdr));
  return all.percentileMs(95);
}

const cachedFailures = (seconds: readonly Second[]): number =>
  sum(seconds, ({ endpoints }) =>
    cachedReads.reduce((total, name) => total + (endpoints[name]?.failed ?? 0), 0),
  );

function errorsOf(seconds: readonly Second[]): Record<string, number> {
  const errors: Record<string, number> = {};
  for (const second of seconds)
    for (const [reason, count] of Object.entries(second.errors))
      errors[reason] = (errors[reason] ?? 0) + count;
  return errors;
}
