// Runs the engine in this thread against a server of the test, with journeys and think times of the test's choice.

import { Generator } from '../engine/generator.js';
import type { FromWorker, WorkerOrder } from '../engine/messages.js';
import { parseTarget } from '../engine/run.js';
import { Timeline } from '../engine/timeline.js';
import type { Tracing } from '../engine/trace-context.js';
import type { Profile, Stage, Threshold } from '../profiles/schema.js';
import type { Catalogue } from '../users/catalogue.js';
import type { Journey } from '../users/step.js';
import { step } from './settled.js';

export const profile = (changes: Partial<Profile> = {}): Profile => ({
  name: 'test',
  description: '',
  model: 'closed',
  stages: [{ level: 5, rampMs: 0, holdMs: 1000 }],
  warmupMs: 0,
  thinkTime: { distribution: 'constant', valueMs: 0 },
  arrivals: 'constant',
  maxInFlight: 100,
  maxQueue: 1000,
  flood: { path: '/courses' },
  journeys: { browse: 1, degrees: 0, student: 0 },
  students: 10,
  timeoutMs: 2000,
  gracefulStopMs: 1000,
  thresholds: {},
  baseline: undefined,
  audit: false,
  search: undefined,
  leaks: undefined,
  faults: [],
  sessions: undefined,
  ...changes,
});

/** A threshold over the whole run, as a profile's plain text becomes one. */
export const whole = (condition: string): Threshold => ({
  condition,
  windowMs: 0,
  abortOnFail: false,
  delayAbortEvalMs: 0,
});

/** A journey that asks the same thing once. */
export function* askOnce(): Journey {
  yield step();
}

const nothingOffered: Catalogue = { courses: [], departments: [], levels: [], degrees: [] };

export interface Playing {
  /** When the run started, by `performance.now()`. */
  readonly startedAt: number;
  readonly timeline: Timeline;
  readonly done: Promise<Timeline>;
  /** Requests of all workers that wait for their answers. */
  inFlight(): number;
  stop(): void;
  replan(atMs: number, stages: readonly Stage[]): void;
}

/** As the main thread and its workers do it, but without threads: so tests see exceptions, and need no build. */
export function play(
  url: string,
  wanted: Profile,
  options: { journey?: () => Journey; workers?: number; catalogue?: Catalogue; trace?: Tracing } = {},
): Playing {
  const { journey = askOnce, workers = 1, catalogue = nothingOffered, trace } = options;
  const timeline = new Timeline(wanted, workers, () => undefined);
  const target = parseTarget(url);
  const generators: Generator[] = [];
  const startAtEpochMs = Date.now();
  const done = Promise.all(
    Array.from({ length: workers }, (_, worker) => {
      const order: WorkerOrder = {
        ...{ worker, workers, seed: 1, target, profile: wanted, startAtEpochMs },
        catalogue,
        ...(trace && { trace }),
      };
      return new Promise<void>((resolve) => {
        const post = (message: FromWorker): void => {
          if (message.type === 'delta') return timeline.add(message.delta);
          timeline.workerDone(worker);
          resolve();
        };
        const generator = new Generator(order, post, () => journey);
        generators.push(generator);
        generator.start();
      });
    }),
  ).then(() => timeline);
  return {
    startedAt: startAtEpochMs - performance.timeOrigin,
    timeline,
    done,
    inFlight: () => generators.reduce((sum, generator) => sum + generator.inFlight, 0),
    stop: () => generators.forEach((generator) => generator.stop()),
    replan: (atMs, stages) => {
      timeline.replan(atMs, stages);
      for (const generator of generators) generator.replan(atMs, stages);
    },
  };
}
