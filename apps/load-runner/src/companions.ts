// Who goes along with which run. Adding one is adding a line.

import type { Findings } from './analysis/findings.js';
import { createAudit } from './audit/audit.js';
import { calibration } from './calibration/calibration-companion.js';
import { createChaos } from './chaos/chaos.js';
import { SystemCompanion } from './collectors/system-companion.js';
import type { Companion, CompanionResult } from './companion.js';
import type { Delta } from './engine/delta.js';
import type { Measurement, RunningLoad } from './engine/run.js';
import type { Second } from './engine/timeline.js';
import { outputs } from './outputs/outputs.js';
import type { Run } from './reports/run.js';
import type { RunRequest } from './run-request.js';
import { KneePilot } from './search/knee-pilot.js';
import { sessions } from './sessions/sessions-companion.js';
import { shardCompanion } from './sharding/shard-companion.js';

/** `tell` says something to whoever watches. */
type Create = (request: RunRequest, tell: (note: string) => void) => Companion | undefined;

/** In the order in which they are told; what the audit asks is no part of the load, so collectors finish before it. */
const table: readonly Create[] = [
  sessions,
  (request) => new SystemCompanion(request),
  createChaos,
  createAudit,
  outputs,
  shardCompanion,
  calibration,
  (request, tell) => request.profile.search && new KneePilot(request, request.profile.search, tell),
];

export const companionsOf = (request: RunRequest, tell: (note: string) => void): Companions =>
  new Companions(table.map((create) => create(request, tell)).filter((one) => one !== undefined));

/** All companions of one run, told one after another: none disturbs what the next one does to the system. */
export class Companions implements Required<Omit<Companion, 'finish' | 'doing'>> {
  constructor(private readonly all: readonly Companion[]) {}

  async prepare(): Promise<void> {
    for (const companion of this.all) await companion.prepare?.();
  }

  started(running: RunningLoad): void {
    for (const companion of this.all) companion.started?.(running);
  }

  second(second: Second, deltas: readonly Delta[]): void {
    for (const companion of this.all) companion.second?.(second, deltas);
  }

  /** What those are at who say so. */
  get doing(): readonly string[] {
    return this.all.flatMap((companion) => companion.doing ?? []);
  }

  async finish(measurement: Measurement): Promise<Required<CompanionResult>> {
    const results: CompanionResult[] = [];
    for (const companion of this.all) results.push((await companion.finish?.(measurement)) ?? {});
    return {
      findings: Object.assign({}, ...results.map((result) => result.findings)) as Findings,
      system: results.flatMap((result) => result.system ?? []),
    };
  }

  async recorded(run: Run, folder: string): Promise<void> {
    for (const companion of this.all) await companion.recorded?.(run, folder);
  }

  /** Each is closed, also after one that could not be; rejects with the first such trouble. */
  async close(): Promise<void> {
    const troubles: unknown[] = [];
    for (const companion of this.all) {
      await companion.close?.().catch((trouble: unknown) => troubles.push(trouble));
    }
    if (troubles.length > 0) throw troubles[0];
  }
}
