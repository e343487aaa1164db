// The companion that tells other systems, second by second, how the run goes.

import type { Companion, CompanionResult } from '../companion.js';
import type { RunningLoad } from '../engine/run.js';
import type { Second } from '../engine/timeline.js';
import type { Schedule } from '../profiles/schedule.js';
import { runId } from '../reports/run-folder.js';
import type { Run } from '../reports/run.js';
import type { RunRequest } from '../run-request.js';
import { InfluxdbOutput } from './influxdb/influxdb-output.js';
import type { Output, PlannedStage, Say } from './output.js';
import { PrometheusEndpoint } from './prometheus/prometheus-endpoint.js';
import { RemoteWriteOutput } from './prometheus/remote-write.js';
import type { OutputTarget } from './target.js';

const onStderr: Say = (line) => void process.stderr.write(`\n${line}\n`);

export function outputs(request: RunRequest): Companion | undefined {
  const { targets = [] } = request;
  return targets.length === 0 ? undefined : new Outputs(request, targets, onStderr);
}

class Outputs implements Companion {
  private readonly all: readonly Output[];
  private running: RunningLoad | undefined;
  /** One object for all outputs: `run` is known only once the load has begun, before the first second. */
  private readonly tags: Record<string, string>;

  constructor(
    private readonly request: RunRequest,
    targets: readonly OutputTarget[],
    say: Say,
  ) {
    this.tags = { ...request.tags, profile: request.profile.name };
    this.all = targets.map((target) => createOutput(target, this.tags, say));
  }

  async prepare(): Promise<void> {
    for (const output of this.all) await output.prepare?.();
  }

  started(running: RunningLoad): void {
    this.running = running;
    this.tags['run'] = runId(new Date(running.startAtEpochMs), this.request.profile.name);
  }

  second(figures: Second): void {
    if (!this.running) return;
    const { timeline, startAtEpochMs } = this.running;
    const epochMs = startAtEpochMs + figures.second * 1000;
    const stages = stagesAt(timeline.schedule, figures.second * 1000);
    for (const output of this.all) output.second({ figures, deltas: timeline.latest, epochMs, stages });
  }

  async finish(): Promise<CompanionResult> {
    return { findings: { outputs: await Promise.all(this.all.map((output) => output.finish())) } };
  }

  async recorded({ record, system }: Run): Promise<void> {
    const startedAt = new Date(record.startedAt);
    for (const output of this.all) await output.system?.(system, startedAt);
  }

  async close(): Promise<void> {
    for (const output of this.all) await output.close?.();
  }
}

/** What comes after the last stage, as waiting for answers, still belongs to it. */
function stagesAt({ phases }: Schedule, elapsedMs: number): PlannedStage[] {
  const now = phases.findIndex(({ toMs }) => elapsedMs < toMs);
  const active = now < 0 ? phases.length - 1 : now;
  return phases.map(({ level }, index) => ({ number: index + 1, level, active: index === active }));
}

function createOutput(target: OutputTarget, tags: Readonly<Record<string, string>>, say: Say): Output {
  switch (target.kind) {
    case 'influxdb':
      return new InfluxdbOutput({ url: target.url, tags, say });
    case 'prometheus':
      return new PrometheusEndpoint(target.port, tags);
    case 'prometheus-rw':
      return new RemoteWriteOutput({ url: target.url, tags, say });
  }
}
