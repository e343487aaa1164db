/** One bench from its options to its result: what holds for all of them. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Bench } from './bench.js';
import { BenchError } from './bench-error.js';
import { folders } from './config.js';
import { choosePinning, unpinned } from './measure/pinning.js';
import { describeMachine, gitRevision } from './report/machine.js';
import { writeResult, type Circumstances } from './report/result-file.js';
import { renderReport } from './report/table.js';
import { verdictsOf } from './report/verdicts.js';

export interface RunOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly seed?: number;
  readonly out?: string;
  readonly gate?: boolean;
}

export const exitCodes = { targetMissed: 99, failed: 1, interrupted: 130 } as const;

/** Fewer say nothing about their spread. */
const ENOUGH_ROUNDS = 5;
const BUSY_LOAD = 0.5;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Runs it and resolves with the exit code. */
export async function runBench(bench: Bench, options: RunOptions): Promise<number> {
  const { rounds, seconds, seed = randomInt(2 ** 31) } = options;
  const pinning = bench.pinned
    ? choosePinning()
    : unpinned('the whole system shares all cores with what loads it');
  const circumstances: Circumstances = {
    bench: bench.name,
    startedAt: new Date().toISOString(),
    machine: describeMachine(),
    pinning: pinning.description,
    revision: await gitRevision(folders.workspace),
    seed,
    rounds,
    seconds,
  };
  const interruption = watchSignals();
  const cleanUp = new AsyncDisposableStack();
  try {
    const context = { rounds, seconds, seed, pinning, signal: interruption.signal, cleanUp, say };
    const report = await bench.run({ ...context, options: { ...options } });
    process.stdout.write(`\n${heading(circumstances)}\n\n${renderReport(report)}\n`);
    const file =
      options.out ?? (rounds >= ENOUGH_ROUNDS ? join(folders.results, `${bench.name}.json`) : undefined);
    if (file === undefined) say(`not written to a file: that takes ${ENOUGH_ROUNDS} rounds, or --out`);
    else await writeResult(file, circumstances, report);
    const allMet = report.comparisons.flatMap(verdictsOf).every(({ outcome }) => outcome === 'met');
    return options.gate && !allMet ? exitCodes.targetMissed : 0;
  } catch (error) {
    // Whatever an interruption breaks off says so in words of its own.
    throw interruption.signal.aborted ? interruption.signal.reason : error;
  } finally {
    await cleanUp.disposeAsync();
    interruption.end();
  }
}

function heading({ bench, machine, pinning, revision, seed, rounds, seconds }: Circumstances): string {
  const commit = revision
    ? `${revision.commit.slice(0, 10)}${revision.dirty ? ' with changes' : ''}`
    : 'unknown';
  const busy = machine.loadAverageBefore > BUSY_LOAD ? ', so others were at work' : '';
  return [
    `bench:${bench} at ${commit}: ${rounds} rounds of ${seconds} s, seed ${seed}; median (lowest-highest) of the rounds`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}, governor ${machine.governor ?? 'not told'}`,
    `${pinning}; load average before ${machine.loadAverageBefore}${busy}`,
  ].join('\n');
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first signal ends the bench in good order; there is no second one, or something would be left running. */
function watchSignals(): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (!controller.signal.aborted) say('interrupted: stopping what was started');
    controller.abort(new BenchError('interrupted, nothing was written'));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    end: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
