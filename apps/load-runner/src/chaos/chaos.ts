// Does to the parts of the stack what the profile's faults say, and heals them again before anything else looks at it.

import { judgeFaults, type PlayedFault } from '../analysis/faults.js';
import type { Companion, CompanionResult } from '../companion.js';
import { ConfigError, readStackControl } from '../config.js';
import type { Measurement, RunningLoad } from '../engine/run.js';
import type { Profile } from '../profiles/schema.js';
import type { RunRequest } from '../run-request.js';

type Fault = Profile['faults'][number];

const recoverWithinMs = 120_000;

export function createChaos({ profile }: RunRequest): Companion | undefined {
  return profile.faults.length === 0 ? undefined : new ChaosCompanion(profile.faults, readStackControl());
}

export class ChaosCompanion implements Companion {
  private readonly played: PlayedFault[] = [];
  private readonly ill = new Map<string, 'thaw' | 'restart'>();
  private readonly over = new AbortController();
  private all: Promise<void> = Promise.resolve();

  constructor(
    private readonly faults: readonly Fault[],
    private readonly url: string | undefined,
  ) {}

  async prepare(): Promise<void> {
    if (this.url === undefined) {
      throw new ConfigError(
        'chaos works only on a stack that the runner started itself: stop the one that runs, then npx nx run load-runner:chaos',
      );
    }
    const { parts } = (await (await fetch(this.url)).json()) as { parts: string[] };
    const unknown = this.faults.find(({ part }) => !parts.includes(part));
    if (unknown) throw new ConfigError(`the stack has no part ${unknown.part}; it has ${parts.join(', ')}`);
  }

  started({ startAtEpochMs }: RunningLoad): void {
    this.all = this.play(startAtEpochMs);
    // It is awaited when the run is over, and fails it then.
    this.all.catch(() => undefined);
  }

  async finish({ timeline }: Measurement): Promise<CompanionResult> {
    await this.heal();
    await this.all;
    return { findings: { faults: judgeFaults(timeline.seconds, this.played) } };
  }

  async close(): Promise<void> {
    await this.heal();
  }

  private async play(startAtEpochMs: number): Promise<void> {
    const elapsedMs = () => Date.now() - startAtEpochMs;
    for (const fault of [...this.faults].sort((a, b) => a.atMs - b.atMs)) {
      await this.pause(fault.atMs - elapsedMs());
      if (this.over.signal.aborted) return;
      const { part, action, forMs } = fault;
      const atMs = elapsedMs();
      this.ill.set(part, action === 'freeze' ? 'thaw' : 'restart');
      await this.order(part, action);
      if (action === 'restart') this.ill.delete(part);
      else await this.pause(forMs);
      await this.release(part);
      this.played.push({ part, action, forMs, atMs, releasedMs: elapsedMs() });
    }
  }

  /** Ends the schedule, then undoes what is left of it, whatever went wrong in it. */
  private async heal(): Promise<void> {
    this.over.abort();
    await this.all.catch(() => undefined);
    for (const part of [...this.ill.keys()]) await this.release(part);
  }

  private async release(part: string): Promise<void> {
    const remedy = this.ill.get(part);
    if (remedy === undefined) return;
    await this.order(part, remedy);
    this.ill.delete(part);
  }

  private async order(part: string, action: string): Promise<void> {
    const answer = await fetch(this.url ?? '', {
      method: 'POST',
      body: JSON.stringify({ part, action }),
      signal: AbortSignal.timeout(recoverWithinMs),
    });
    if (!answer.ok) throw new Error(`${action} of ${part} did not work: ${await answer.text()}`);
  }

  private pause(ms: number): Promise<void> {
    const { signal } = this.over;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const timer = setTimeout(resolve, Math.max(0, ms));
      signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}
