// Collects how the system does while the load runs, and tells afterwards what a request cost each part and what was short.

import { availableParallelism } from 'node:os';
import type { Companion, CompanionResult } from '../companion.js';
import { readSystemSettings, type SystemSettings } from '../config.js';
import type { Measurement, RunningLoad } from '../engine/run.js';
import type { Second, Timeline } from '../engine/timeline.js';
import { rankBottlenecks, type Stretch } from '../analysis/bottlenecks.js';
import { findLeaks, unclear } from '../analysis/leaks.js';
import { partFigures } from '../analysis/system-figures.js';
import type { LeakFigures, StatementFigures, SystemSecond } from '../analysis/findings.js';
import type { RunRequest } from '../run-request.js';
import { GeneratorCollector } from './generator.js';
import { Sampler } from './sampler.js';
import { findSources, type Sources } from './sources.js';

export class SystemCompanion implements Companion {
  private sources: Sources = { collectors: [], statements: [], sameMachine: false, missing: [] };
  private readonly generator = new GeneratorCollector();
  private sampler = new Sampler([]);
  private readonly missing: string[] = [];
  private begun: Promise<void> | undefined;

  constructor(
    private readonly request: RunRequest,
    private readonly settings: SystemSettings = readSystemSettings(),
  ) {}

  async prepare(): Promise<void> {
    this.sources = await findSources(this.request.baseUrl, this.settings);
    this.sampler = new Sampler([...this.sources.collectors, this.generator]);
    if (this.request.profile.warmupMs === 0) await this.beginStatements();
  }

  started(running: RunningLoad): void {
    this.sampler.start(running.startAtEpochMs);
  }

  second(second: Second): void {
    this.generator.second(second);
    // What the warm-up asked for is not measured.
    if ((second.second + 1) * 1000 >= this.request.profile.warmupMs) void this.beginStatements();
  }

  async finish({ timeline }: Pick<Measurement, 'timeline'>): Promise<CompanionResult> {
    await this.sampler.stop();
    const system = this.generator.join(this.sampler.series());
    const load = timeline.seconds.filter((second) => !second.warmup);
    const statements = await this.endStatements();
    const { leaks, notes } = this.leaks(system, load);
    const parts = partFigures(system, load);
    const bottlenecks = rankBottlenecks({
      system: this.sources.sameMachine ? system : system.map(withoutMachine),
      load,
      stretches: stretchesOf(timeline),
      cores: availableParallelism(),
    });
    const missing = [...this.sources.missing, ...this.missing, ...this.sampler.missing(), ...notes];
    return {
      system,
      findings: { system: { parts, statements, bottlenecks, missing }, ...(leaks && { leaks }) },
    };
  }

  /** None where the profile does not ask, or nobody can tell; the notes say why not. */
  private leaks(
    system: readonly SystemSecond[],
    load: readonly Second[],
  ): { leaks?: readonly LeakFigures[]; notes: string[] } {
    const limits = this.request.profile.leaks;
    if (!limits) return { notes: [] };
    const seconds = new Set(load.map(({ second }) => second));
    const measured = system.filter(({ second }) => seconds.has(second));
    const { leaks, inconclusive } = findLeaks(measured, limits);
    if (inconclusive === undefined) return { leaks, notes: unclear(leaks, limits) };
    const notes = [`Leaks: nobody can say that there are none, because ${inconclusive}.`];
    return leaks.some(({ leaking }) => leaking) ? { leaks, notes } : { notes };
  }

  async close(): Promise<void> {
    await this.sampler.stop();
    for (const one of [...this.sources.collectors, ...this.sources.statements]) await one.close?.();
  }

  private beginStatements(): Promise<void> {
    this.begun ??= this.trying(async () => {
      await Promise.all(this.sources.statements.map((statements) => statements.begin()));
    });
    return this.begun;
  }

  private async endStatements(): Promise<StatementFigures[]> {
    await this.beginStatements();
    const found: StatementFigures[] = [];
    await this.trying(async () => {
      for (const statements of this.sources.statements) found.push(...(await statements.end()));
    });
    return found;
  }

  /** What cannot be collected is said, and fails nothing. */
  private async trying(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.missing.push(
        `Statements of Postgres (pg_stat_statements): ${error instanceof Error ? error.message : String(error)}.`,
      );
    }
  }
}

/** Where the load stood still: from the end of each ramp. */
const stretchesOf = ({ stages }: Timeline): Stretch[] =>
  stages.map(({ phase }) => ({
    level: phase.level,
    fromSecond: Math.ceil(phase.steadyFromMs / 1000),
    toSecond: Math.floor(phase.toMs / 1000),
  }));

/** The generator's machine is no resource of a target elsewhere. */
const withoutMachine = ({ second, values }: SystemSecond): SystemSecond => ({
  second,
  values: Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith('machine.'))),
});
