/** `bench:startup`: from the command to the first answer, and the memory of everything at rest. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, BenchContext } from '../../bench.js';
import { programOf, proportionalBytes, residentBytes } from '../../measure/process-memory.js';
import { measureRounds, type Contestant, type Sample } from '../../measure/rounds.js';
import type { Metric, Report, Target } from '../../report/report.js';
import { serve } from './serving.js';

export const startup: Bench = {
  name: 'startup',
  summary: 'from `nx run-many -t serve` to the first answer, and memory at rest (P13)',
  description:
    'Runs `nx run-many -t serve` of the installed and built workspace on ports and in a folder of its own, until the ' +
    'edge has answered a request for the courses; then, at rest, adds up the memory of all processes. In turn with ' +
    'an empty data folder (databases are created, migrated and seeded) and with the one of the start before.',
  defaultSeconds: 5,
  pinned: false,
  run: measureStartup,
};

const EMPTY = 'empty data folder';
const KEPT = 'data kept';
const MB = 1e6;

const metrics: readonly Metric[] = [
  { key: 'firstAnswerSeconds', label: 'first answer s', digits: 1, compared: true },
  { key: 'pssMb', label: 'PSS MB', digits: 0, compared: false },
  { key: 'rssMb', label: 'RSS MB', digits: 0, compared: false },
  { key: 'processes', label: 'processes', digits: 0, compared: false },
];

const targets: readonly Target[] = [EMPTY, KEPT].flatMap((contestant) => [
  { id: 'P13', contestant, metric: 'firstAnswerSeconds', atMost: 15 },
  { id: 'P13', contestant, metric: 'pssMb', atMost: 1000 },
]);

async function measureStartup(context: BenchContext): Promise<Report> {
  const { cleanUp, say } = context;
  const scratch = await mkdtemp(join(tmpdir(), 'flowchart-bench-startup-'));
  cleanUp.defer(() => rm(scratch, { recursive: true, force: true }));
  let programs = '';
  const startIn = async (infraDir: string): Promise<Sample> => {
    const [sample, byProgram] = await startOnce(infraDir, context);
    programs = byProgram;
    return sample;
  };
  const contestants: Contestant[] = [
    { name: EMPTY, measure: async () => startIn(await mkdtemp(join(scratch, 'empty-'))) },
    { name: KEPT, measure: () => startIn(join(scratch, 'kept')) },
  ];
  const rounds = await measureRounds(contestants, { ...context, onProgress: say });
  return {
    comparisons: [
      {
        title: `nx run-many -t serve: first answer, and memory after ${context.seconds} s at rest`,
        reference: KEPT,
        contestants: [EMPTY, KEPT],
        metrics,
        rounds,
        targets,
      },
    ],
    notes: [
      'PSS counts memory that processes share once, RSS once for each of them: the target is held against PSS.',
      `PSS in the last start, Nx and the load-runner's page included: ${programs}.`,
    ],
  };
}

async function startOnce(infraDir: string, { seconds, signal }: BenchContext): Promise<[Sample, string]> {
  const serving = await serve(infraDir, signal);
  try {
    await sleep(seconds * 1000, undefined, { signal });
    const pids = await serving.processes();
    const sum = (bytesOf: (pid: number) => number | undefined) =>
      pids.reduce((total, pid) => total + (bytesOf(pid) ?? 0), 0) / MB;
    const sample = {
      firstAnswerSeconds: serving.firstAnswerMs / 1000,
      rssMb: sum(residentBytes),
      // A sum that lacks another user's processes would flatter.
      ...(pids.every((pid) => proportionalBytes(pid) !== undefined) && { pssMb: sum(proportionalBytes) }),
      processes: pids.length,
    };
    return [sample, byProgram(pids)];
  } finally {
    await serving.stop();
  }
}

function byProgram(pids: readonly number[]): string {
  const totals = new Map<string, { count: number; bytes: number }>();
  for (const pid of pids) {
    const program = programOf(pid) ?? 'others';
    const { count, bytes } = totals.get(program) ?? { count: 0, bytes: 0 };
    totals.set(program, { count: count + 1, bytes: bytes + (proportionalBytes(pid) ?? 0) });
  }
  return [...totals]
    .map(([program, { count, bytes }]) => `${count} ${program} ${(bytes / MB).toFixed(0)} MB`)
    .join(', ');
}
