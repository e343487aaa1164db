// Runs a profile: starts the workers, puts their seconds together, and can be stopped. Prints nothing.

import { Worker } from 'node:worker_threads';
import type { Profile } from '../profiles/schema.js';
import type { Catalogue } from '../users/catalogue.js';
import type { Target } from './connection.js';
import type { FromWorker, ToWorker, WorkerOrder } from './messages.js';
import { Timeline, type Second } from './timeline.js';

export interface RunPlan {
  /** As it is to be run: overrides are worked in already. */
  readonly profile: Profile;
  readonly baseUrl: string;
  readonly seed: number;
  readonly workers: number;
  readonly catalogue: Catalogue;
}

/** What was measured, before anybody judges it. */
export interface Measurement {
  readonly plan: RunPlan;
  readonly startedAt: Date;
  /** From the end of the warm-up to the last answer. */
  readonly measuredMs: number;
  readonly interrupted: boolean;
  readonly timeline: Timeline;
}

export interface RunningLoad {
  readonly timeline: Timeline;
  readonly finished: Promise<Measurement>;
  /** Ends the run early, gracefully; `finished` then tells what there is. */
  stop(): void;
}

/** A thread that plays an order. */
export interface GeneratorThread {
  post(message: ToWorker): void;
}
export type SpawnThread = (
  order: WorkerOrder,
  onMessage: (message: FromWorker) => void,
  onError: (error: Error) => void,
) => GeneratorThread;

/** Threads need a moment to load their code; the common start time lies this far ahead. */
const startDelayMs = 300;

/** The target is not something the generator can talk to. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

export function parseTarget(baseUrl: string): Target {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url?.protocol !== 'http:') {
    throw new TargetError(
      `"${baseUrl}" is not an http:// address; give one like --base-url http://127.0.0.1:9000`,
    );
  }
  return {
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 80 : Number(url.port),
    authority: url.host,
    basePath: url.pathname.replace(/\/$/, ''),
  };
}

export function startRun(
  plan: RunPlan,
  onSecond: (second: Second) => void = () => undefined,
  spawn: SpawnThread = spawnWorker,
): RunningLoad {
  const { profile, workers } = plan;
  const target = parseTarget(plan.baseUrl);
  const timeline = new Timeline(profile, workers, onSecond);
  const startAtEpochMs = Date.now() + startDelayMs;
  const threads: GeneratorThread[] = [];
  let interrupted = false;

  const finished = new Promise<Measurement>((resolve, reject) => {
    let playing = workers;
    for (let worker = 0; worker < workers; worker++) {
      const order = {
        worker,
        workers,
        seed: plan.seed,
        target,
        profile,
        catalogue: plan.catalogue,
        startAtEpochMs,
      };
      const onMessage = (message: FromWorker): void => {
        if (message.type === 'delta') {
          timeline.add(message.delta);
          return;
        }
        timeline.workerDone(worker);
        playing--;
        if (playing > 0) return;
        const measuredMs = Math.max(0, Date.now() - startAtEpochMs - profile.warmupMs);
        resolve({ plan, startedAt: new Date(startAtEpochMs), measuredMs, interrupted, timeline });
      };
      threads.push(spawn(order, onMessage, reject));
    }
  });

  const stop = (): void => {
    interrupted = true;
    for (const thread of threads) thread.post({ type: 'stop' });
  };
  return { timeline, finished, stop };
}

/** Answers live for a moment only: a third of the usual space for young objects saves 35 MB at 1400 requests/s, and next to no CPU. */
const resourceLimits = { maxYoungGenerationSizeMb: 16 };

const spawnWorker: SpawnThread = (order, onMessage, onError) => {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: order, resourceLimits });
  worker.on('message', onMessage);
  worker.on('error', onError);
  return { post: (message) => worker.postMessage(message) };
};
