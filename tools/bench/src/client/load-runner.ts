/** The load-runner as a client: users on their journeys, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchError } from '../bench-error.js';
import { folders } from '../config.js';

export interface LoadOptions {
  readonly profile: string;
  readonly edgePort: number;
  readonly seed: number;
  /** Instead of the profile's own length. */
  readonly seconds?: number;
}

export interface LoadOutcome {
  readonly requests: number;
  readonly failed: number;
  /** What failed most, in words; empty when nothing did. */
  readonly trouble: string;
  /** Whether the load-runner itself kept up. */
  readonly valid: boolean;
}

export interface RunningLoad {
  /** Rejects when the load-runner ends without a result. */
  readonly finished: Promise<LoadOutcome>;
  stop(): Promise<void>;
}

interface RunRecord {
  readonly id: string;
  readonly errors: readonly { endpoint: string; reason: string; count: number }[];
  readonly total: { readonly requests: number; readonly failed: number };
  readonly generator: { readonly valid: boolean };
}

const TROUBLES_TOLD = 3;
const program = join(folders.workspace, 'apps/load-runner/dist/main.js');
const resultsFolder = join(folders.workspace, 'load-testing/results');

export async function startLoad({ profile, edgePort, seed, seconds }: LoadOptions): Promise<RunningLoad> {
  const scratch = await mkdtemp(join(tmpdir(), 'flowchart-bench-load-'));
  const file = join(scratch, 'run.json');
  const profileFile = join(folders.workspace, 'tools/bench/profiles', `${profile}.yaml`);
  const child = spawn(
    process.execPath,
    [
      ...[program, 'run', profileFile, '--base-url', `http://127.0.0.1:${edgePort}`],
      ...['--seed', String(seed), '--out', `json=${file}`],
      ...(seconds === undefined ? [] : ['--run-time', `${Math.ceil(seconds)}s`]),
    ],
    // A session of its own: Ctrl-C is not to make it write a report.
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = `${complaint}${chunk.toString()}`.slice(-1000)));
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const finished = exit.then(async ([code]) => {
    const record = JSON.parse(await readFile(file, 'utf8').catch(() => 'null')) as RunRecord | null;
    await rm(scratch, { recursive: true, force: true });
    if (record === null) throw new BenchError(`the load-runner ended with ${code}: ${complaint}`);
    // Its own report; the figures that count are the bench's.
    await rm(join(resultsFolder, record.id), { recursive: true, force: true });
    const { requests, failed } = record.total;
    const most = record.errors.toSorted((a, b) => b.count - a.count).slice(0, TROUBLES_TOLD);
    const trouble = most
      .map(({ endpoint, reason, count }) => `${count} times ${endpoint}: ${reason}`)
      .join(', ');
    return { requests, failed, trouble, valid: record.generator.valid };
  });
  // Whoever waits for it sees the failure; after `stop` nobody does.
  finished.catch(() => undefined);
  return {
    finished,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await finished.catch(() => undefined);
    },
  };
}
