// `run <profile>`: applies the load, shows how it goes, writes the report, and ends with the exit code of the verdict.

import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Command } from 'commander';
import { unjudgedBaseline } from '../analysis/unjudged-baseline.js';
import { exitCodes } from '../analysis/verdict.js';
import { ConfigError, readConfig } from '../config.js';
import type { RunningLoad } from '../engine/run.js';
import { checkRequest, defaultWorkers, perform, type FinishedRun, type PerformOptions } from '../perform.js';
import type { RunRequest } from '../run-request.js';
import { decidingFigures } from '../profiles/baseline-schema.js';
import { override, Schedule } from '../profiles/schedule.js';
import type { Profile } from '../profiles/schema.js';
import { consoleSummary } from '../reports/console-summary.js';
import { Progress } from '../reports/progress.js';
import type { Run } from '../reports/run.js';
import { claimExtra, writeExtra, type ExtraOutput } from '../reports/run-folder.js';
import { checkPart, playPart, type Part } from '../sharding/play-part.js';
import { baselineGate, wantedComparison, type BaselineGate, type BaselineOptions } from './baseline-gate.js';
import { readTracing, withTracing, type TracingOptions } from './tracing.js';
import {
  collect,
  durationMs,
  figures,
  out,
  positiveNumber,
  shard,
  startTime,
  tag,
  wholeNumber,
  type Out,
} from './options.js';
import { loadProfile } from '../profiles/profile-folder.js';

interface RunOptions extends TracingOptions, BaselineOptions {
  readonly baseUrl?: string;
  readonly users?: number;
  readonly spawnRate?: number;
  readonly runTime?: number;
  readonly scale?: number;
  readonly sessions?: number;
  readonly seed?: number;
  readonly workers?: number;
  readonly out?: readonly Out[];
  readonly html?: string;
  readonly tag?: Readonly<Record<string, string>>;
  readonly repeat: number;
  readonly shard?: Part['shard'];
  readonly startAt?: number;
  readonly meet?: string;
}

const examples = `
Examples:
  $ load-runner run smoke
  $ load-runner run spike --scale 0.1                      a tenth of the time
  $ load-runner run peak -u 200 -r 20 -t 2m                200 users, 20 more each second, two minutes
  $ load-runner run load --base-url http://127.0.0.1:9100 --seed 42
  $ load-runner run smoke --out json=run.json --out csv=results --html report.html
  $ load-runner run ./my-profile.yaml --tag build=17
  $ load-runner run load --repeat 5 --baseline 'results/main/*-load'   121 if slower
  $ load-runner run peak --shard 0/3 --meet /shared/run-17   one of three processes
  $ load-runner run staged --out influxdb=http://127.0.0.1:8086/k6 --out prometheus=9464
  $ load-runner run load --trace-sample 0.1 --trace-url 'http://127.0.0.1:16686/trace/{traceId}'

Exit codes:
  0 passed, 99 a threshold failed, 104 bad configuration, 105 interrupted,
  120 the generator was the bottleneck and the figures are void,
  121 slower than the baseline, 122 target unreachable, or none of ours,
  123 the comparison with the baseline is inconclusive

A part of a run (--shard) ends with 0 when it was played: only the merged run is judged.
Reports are in load-testing/results/<time>-<profile>; Ctrl-C ends a run early and still writes them.`;

export const runCommand = (): Command =>
  withTracing(withOthers(withLoad(new Command('run'))))
    .description('apply a load profile and report what it did')
    .argument('<profile>', 'name of a profile in load-testing/profiles, or path of a YAML file')
    .option('--base-url <url>', 'target (default: BASE_URL, else http://127.0.0.1 and EDGE_PORT or 9000)')
    .option(
      '--workers <n>',
      'generator threads (default: a quarter of the cores, from 1 to 4)',
      wholeNumber(1, 64),
    )
    .option(
      '--out <kind=target>',
      'also write json=FILE, ndjson=FILE or csv=PREFIX; tell influxdb=URL/DATABASE or prometheus-rw=URL each ' +
        'second; serve /metrics at prometheus=PORT; may be repeated',
      out,
    )
    .option('--html <file>', 'also write the HTML report to this file')
    .option(
      '--headless',
      'no web page; this command never has one (see `ui`), the option is there for Locust’s users',
    )
    .option('--tag <key=value>', 'note kept with the results; may be repeated', tag)
    .option('--repeat <n>', 'run it so many times in a row', wholeNumber(1, 100), 1)
    .addHelpText('after', examples)
    .action(async (profile: string, options: RunOptions) => {
      process.exitCode = await runProfile(profile, options);
    });

/** Options that change the profile’s own load. */
const withLoad = (command: Command): Command =>
  command
    .option(
      '-u, --users <n>',
      'users of the highest stage (open: requests/s, flood: connections); the others in proportion',
      wholeNumber(1, 100_000),
    )
    .option(
      '-r, --spawn-rate <n>',
      'users (open: requests/s) more with each second of a ramp',
      positiveNumber(100_000),
    )
    .option(
      '-t, --run-time <time>',
      'length of the whole run, like 90s or 5m; its stages in proportion',
      durationMs,
    )
    .option(
      '--scale <factor>',
      'factor on every duration of the profile, like 0.1 (default: 1)',
      positiveNumber(100),
    )
    .option(
      '--sessions <n>',
      'live sessions of a profile that has them (million), instead of its own number',
      wholeNumber(1, 10_000_000),
    )
    .option(
      '--seed <n>',
      'repeats journeys and think times of an earlier run (default: a random one, told)',
      wholeNumber(0, 2 ** 32 - 1),
    );

/** Options that set a run beside others: earlier ones, or parts of the same. */
const withOthers = (command: Command): Command =>
  command
    .option(
      '--baseline <pattern>',
      'compare with these runs at the end, instead of those the profile names; may be repeated',
      collect,
    )
    .option('--no-baseline', 'compare with nothing, whatever the profile says')
    .option(
      '--min-effect <percent>',
      'of a comparison: the smallest change that matters (default: the profile’s, else 5)',
      positiveNumber(1000),
    )
    .option(
      '--min-runs <n>',
      'of a comparison: conclude nothing from fewer runs a side (default: the profile’s, else 5)',
      wholeNumber(2, 1000),
    )
    .option(
      '--decide <figures>',
      `of a comparison: figures of all requests that make the verdict (default: the profile’s, else ${decidingFigures.join(',')})`,
      figures,
    )
    .option(
      '--shard <i/N>',
      'play only part i of N, counted from 0, together with N-1 other processes',
      shard,
    )
    .option(
      '--meet <folder>',
      'with --shard: shared folder where the parts wait for each other and are merged',
    )
    .option(
      '--start-at <time>',
      'with --shard: when to begin, without a shared folder; milliseconds since 1970, or 2026-11-25T14:00:00Z',
      startTime,
    );

async function runProfile(profileName: string, options: RunOptions): Promise<number> {
  const request = readRequest(profileName, options);
  checkRequest(request);
  const part = readPart(options);
  const gate = readGate(options, request);
  extraOutputs(options, '').forEach(claimExtra);
  const interruption = watchSignals();
  let worst = 0;
  for (let repetition = 1; repetition <= options.repeat && !interruption.signal.aborted; repetition++) {
    const { run, folder } = await runOnce(request, part, interruption);
    const suffix = options.repeat > 1 ? `-${repetition}` : '';
    for (const output of extraOutputs(options, suffix)) writeExtra(output, run);
    process.stdout.write(`${consoleSummary(run)}\n     Report: ${folder}/report.html\n`);
    gate?.add(run.record);
    worst = Math.max(worst, exitCodeOf(run));
  }
  interruption.end();
  if (interruption.signal.aborted) return exitCodes.interrupted;
  // What a threshold says is certain; a comparison has the last word only where none failed.
  return worst || (gate?.judge(process.stdout) ?? exitCodes.passed);
}

/** A part is not judged by itself: its thresholds saw a share of the load only. */
const exitCodeOf = ({ record }: Run): number => (record.shard ? exitCodes.passed : record.verdict.exitCode);

async function runOnce(
  request: RunRequest,
  part: Part | undefined,
  interruption: Interruption,
): Promise<FinishedRun> {
  const progress = new Progress(process.stderr, new Schedule(request.profile.stages).durationMs);
  const finished = await playing(part, request, {
    readiness: {
      onWaiting: (reason) => process.stderr.write(`waiting for ${request.baseUrl} (${reason})\n`),
    },
    onStarted: (running) => {
      process.stderr.write(`${request.profile.name} against ${request.baseUrl}, seed ${request.seed}\n`);
      interruption.stops(running);
    },
    onSecond: (second, doing) => progress.show(second, doing),
    onNote: (note) => progress.note(note),
  });
  progress.end();
  return finished;
}

/** The run, or this process's part of it. */
const playing = (
  part: Part | undefined,
  request: RunRequest,
  options: PerformOptions,
): Promise<FinishedRun> =>
  part
    ? playPart(request, part, (own, resultsFolder) =>
        perform(own, { ...options, ...(resultsFolder !== undefined && { resultsFolder }) }),
      )
    : perform(request, options);

function readPart({ shard: share, meet, startAt, seed, repeat }: RunOptions): Part | undefined {
  if (!share) {
    if (meet === undefined && startAt === undefined) return undefined;
    throw new ConfigError('--meet and --start-at are for parts of a run: give --shard, too');
  }
  if (repeat > 1) throw new ConfigError('--repeat and --shard do not go together: repeat the whole');
  const part = {
    shard: share,
    ...(meet !== undefined && { meet }),
    ...(startAt !== undefined && { startAtEpochMs: startAt }),
  };
  checkPart(part, seed !== undefined);
  return part;
}

function readGate(options: RunOptions, { profile }: RunRequest): BaselineGate | undefined {
  const wanted = wantedComparison(options, profile);
  if (!wanted) return undefined;
  if (!options.shard) return baselineGate(wanted, profile, options.repeat);
  if (options.baseline)
    throw new ConfigError('--baseline compares whole runs: use compare on the merged ones');
  process.stderr.write(`${unjudgedBaseline(profile)}\n`);
  return undefined;
}

function readRequest(profileName: string, options: RunOptions): RunRequest {
  const { users, spawnRate, runTime, scale } = options;
  const profile = override(withSessions(loadProfile(profileName), options.sessions), {
    ...(users !== undefined && { users }),
    ...(spawnRate !== undefined && { spawnRatePerSecond: spawnRate }),
    ...(runTime !== undefined && { runTimeMs: runTime }),
    ...(scale !== undefined && { scale }),
  });
  return {
    profile,
    baseUrl: (options.baseUrl ?? readConfig().baseUrl).replace(/\/+$/, ''),
    seed: options.seed ?? randomInt(2 ** 32),
    workers: options.workers ?? defaultWorkers(availableParallelism()),
    tags: options.tag ?? {},
    targets: (options.out ?? []).filter((one) => !isFile(one)),
    ...readTracing(options),
  };
}

const isFile = (one: Out): one is ExtraOutput => 'path' in one;

function withSessions(profile: Profile, count: number | undefined): Profile {
  if (count === undefined) return profile;
  if (!profile.sessions)
    throw new ConfigError(`profile ${profile.name} has no sessions, so --sessions means nothing`);
  return { ...profile, sessions: { ...profile.sessions, count } };
}

function extraOutputs({ out = [], html }: RunOptions, suffix: string): ExtraOutput[] {
  const numbered = ({ kind, path }: ExtraOutput): ExtraOutput => {
    const extension = kind === 'csv' ? '' : extname(path);
    return { kind, path: `${path.slice(0, path.length - extension.length)}${suffix}${extension}` };
  };
  return [...out.filter(isFile), ...(html === undefined ? [] : [{ kind: 'html', path: html } as const])].map(
    numbered,
  );
}

interface Interruption {
  readonly signal: AbortSignal;
  stops(running: RunningLoad): void;
  end(): void;
}

/** The first signal ends the run gracefully, and its report is still written; the second ends the process. */
function watchSignals(): Interruption {
  const controller = new AbortController();
  let active: RunningLoad | undefined;
  const onSignal = (): void => {
    if (controller.signal.aborted || !active) process.exit(exitCodes.interrupted);
    controller.abort();
    process.stderr.write('\nstopping; once more to leave at once\n');
    active.stop();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    stops: (running) => (active = running),
    end: () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
