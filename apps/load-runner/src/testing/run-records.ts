// Records of runs whose figures a test chooses, made the way real ones are.

import { emptyPage } from '../audit/ledger.js';
import { analyse } from '../analysis/analyse.js';
import type { Findings } from '../analysis/findings.js';
import type { RunRecord } from '../analysis/record.js';
import { noCounters, type Delta } from '../engine/delta.js';
import { LatencyHistogram } from '../engine/latency-histogram.js';
import type { Measurement } from '../engine/run.js';
import { Timeline } from '../engine/timeline.js';
import type { Profile } from '../profiles/schema.js';
import { endpoint } from '../users/endpoint.js';
import { profile } from './generators.js';

/** One second of one worker: answers of one endpoint after so many milliseconds each. */
export function answers(
  second: number,
  milliseconds: readonly number[],
  changes: Partial<Delta> = {},
): Delta {
  const drained = () => {
    const histogram = new LatencyHistogram();
    for (const ms of milliseconds) histogram.record(ms * 1000);
    return histogram.drain();
  };
  const none = { failed: 0, lost: 0, timeouts: 0, refused: 0, bytesReceived: 0, bytesSent: 0 };
  const part = {
    ...{ endpoint: endpoint('listCourses').index, requests: milliseconds.length, ...none },
    statuses: [{ status: 200, count: milliseconds.length }],
    ...{ ok: drained(), unexpected: undefined, responseOk: drained(), responseUnexpected: undefined },
  };
  return {
    ...{ worker: 0, second, users: 10, inFlight: 0, queued: 0, endpoints: [part] },
    ...{ trends: {}, errors: [], checks: [], counters: noCounters() },
    health: { loopDelayP99Ms: 1, loopDelayMaxMs: 2, loopUtilization: 0.1, cpu: 0.1 },
    ...changes,
  };
}

export const measurementOf = (
  timeline: Timeline,
  wanted: Profile,
  changes: Partial<Measurement> = {},
): Measurement => ({
  plan: {
    ...{ profile: wanted, baseUrl: 'http://127.0.0.1:1', seed: 1, workers: 1 },
    catalogue: { courses: [], departments: [], levels: [], degrees: [] },
  },
  startedAt: new Date(0),
  measuredMs: wanted.stages.reduce((sum, { rampMs, holdMs }) => sum + rampMs + holdMs, 0),
  interrupted: false,
  stopped: null,
  timeline,
  ledger: emptyPage,
  ...changes,
});

export const testMachine = { cpu: 'test', cores: 2, memoryBytes: 1e9, platform: 'test', node: 'v24' };

interface Wanted {
  readonly id: string;
  readonly startedAt: Date;
  /** Latency of each request, all in one second. */
  readonly milliseconds: readonly number[];
  readonly profile?: Partial<Profile>;
  readonly findings?: Findings;
  readonly measurement?: Partial<Measurement>;
}

export function runRecord({ id, startedAt, milliseconds, findings, ...rest }: Wanted): RunRecord {
  const wanted = profile(rest.profile);
  const timeline = new Timeline(wanted, 1, () => undefined);
  timeline.add(answers(0, milliseconds));
  timeline.workerDone(0);
  const measurement = measurementOf(timeline, wanted, { startedAt, ...rest.measurement });
  return analyse(measurement, { id, tags: {}, git: null, machine: testMachine }, findings);
}
