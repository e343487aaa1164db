// Finds the most that this machine's generator does: first what it does flat out, then which share of that it does and still keeps up.

import { overloaded } from '../analysis/generator-verdict.js';
import { startRun } from '../engine/run.js';
import type { Second } from '../engine/timeline.js';
import { profileSchema, type Profile } from '../profiles/schema.js';
import type { Catalogue } from '../users/catalogue.js';
import type { Ceiling } from './calibration-file.js';
import type { NullTarget } from './null-target.js';

/** One measurement: a load, and how the generator fared under it. */
export interface CeilingStep {
  readonly workers: number;
  readonly model: Profile['model'];
  /** Users and connections, or requests per second. */
  readonly level: number;
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  readonly loopDelayP99Ms: number;
  readonly loopUtilization: number;
  readonly cpuMicrosPerRequest: number;
  /** Share of a core that the null server used: near 1 the step measured the server. */
  readonly serverCpu: number;
  /** Whether it did what was asked and its event loops were in time: only open load asks for something. */
  readonly keptUp: boolean;
}

export interface CeilingOptions {
  readonly target: NullTarget;
  readonly catalogue: Catalogue;
  readonly workers: number;
  /** Of each step that counts; a second more goes before it. */
  readonly seconds: number;
  readonly onStep: (step: CeilingStep) => void;
  readonly signal: AbortSignal;
}

/** Few connections leave the generator waiting, many cost it memory and cache: the best of these is its flat-out rate. */
const closedUsers = [16, 64, 256] as const;
/** Of the flat-out rate, and beyond it: where arrivals come in bursts a thread may do more than where each waits for an answer. */
const openShares = [0.4, 0.6, 0.75, 0.9, 1.1, 1.3, 1.6, 2] as const;
const floodConnections = 64;
/** A step that starts less of what is due than this has not kept up. */
const leastAchieved = 0.99;
const warmupMs = 1000;

/** The null server is not a Degree Flowchart: there is nothing to audit, and nobody to log in. */
const base = {
  name: 'calibrate',
  thinkTime: '0s',
  journeys: { browse: 1 },
  warmup: `${warmupMs}ms`,
  maxInFlight: 256,
  gracefulStop: '1s',
  audit: false,
};

/** Throws when not even the smallest share was kept up with: the machine is busy with something else. */
export async function findCeiling(options: CeilingOptions): Promise<Ceiling> {
  let flatOut = 0;
  for (const users of closedUsers) {
    flatOut = Math.max(flatOut, (await measure('closed', users, options)).requestsPerSecond);
  }
  let ceiling: Ceiling | undefined;
  for (const share of openShares) {
    const step = await patiently(() => measure('open', Math.round(flatOut * share), options));
    if (!step.keptUp) break;
    const { workers, requestsPerSecond, cpuMicrosPerRequest } = step;
    ceiling = { workers, ceilingPerSecond: requestsPerSecond, cpuMicrosPerRequest };
  }
  if (ceiling) return ceiling;
  throw new CalibrationError(
    `The generator did not keep up with ${openShares[0] * 100} % of its own flat-out rate, ${Math.round(flatOut)} requests/s: ` +
      'something else keeps this machine busy. Try again when it is quiet.',
  );
}

/** A second chance: any machine has a bad moment, and a ceiling that was found in one would be too low for good. */
async function patiently(once: () => Promise<CeilingStep>): Promise<CeilingStep> {
  const step = await once();
  return step.keptUp ? step : once();
}

export class CalibrationError extends Error {
  override readonly name = 'CalibrationError';
}

/** What plain autocannon does here, on one thread: beside it our own figures can be judged. */
export const measureFlood = (options: CeilingOptions): Promise<CeilingStep> =>
  measure('flood', floodConnections, options);

async function measure(
  model: Profile['model'],
  level: number,
  options: CeilingOptions,
): Promise<CeilingStep> {
  const { target, catalogue, workers, seconds, onStep, signal } = options;
  signal.throwIfAborted();
  const stage = { [model === 'open' ? 'rate' : 'users']: level, hold: `${seconds * 1000 + warmupMs}ms` };
  const profile = profileSchema.parse({ ...base, model, stages: [stage] });
  const before = await target.report();
  const running = startRun({ profile, baseUrl: target.url, seed: 1, workers, catalogue });
  const stop = (): void => running.stop();
  signal.addEventListener('abort', stop);
  const { timeline, measuredMs } = await running.finished;
  const after = await target.report();
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  const measured = timeline.seconds.filter(({ warmup, users }) => !warmup && users > 0).slice(0, seconds);
  const step = {
    ...{ workers, model, level },
    ...figures(measured),
    p99Ms: timeline.measured.durations().percentileMs(99),
    serverCpu: (after.cpuUs - before.cpuUs) / 1000 / (measuredMs + warmupMs),
  };
  onStep(step);
  return step;
}

function figures(seconds: readonly Second[]) {
  const sum = (value: (second: Second) => number) => seconds.reduce((total, one) => total + value(one), 0);
  const worst = (value: (second: Second) => number) => Math.max(0, ...seconds.map(value));
  const requests = sum((second) => second.requests);
  const offered = sum((second) => second.offered);
  const late = seconds.filter(overloaded).length;
  return {
    // What an earlier second was behind with does not count twice.
    requestsPerSecond: Math.min(requests, offered) / seconds.length,
    loopDelayP99Ms: worst((second) => second.loopDelayP99Ms),
    loopUtilization: sum((second) => second.loopUtilization) / seconds.length,
    cpuMicrosPerRequest: (sum((second) => second.generatorCpu) * 1e6) / requests,
    keptUp: requests >= offered * leastAchieved && late * 2 < seconds.length,
  };
}
