// `run <profile>`: applies the load, shows how it goes, writes the report, and ends with the exit code of the verdict.

import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Command } from 'commander';
import { exitCodes } from '../analysis/verdict.js';
import { readConfig } from '../config.js';
import type { RunningLoad } from '../engine/run.js';
import { checkRequest, defaultWorkers, perform } from '../perform.js';
import type { RunRequest } from '../run-request.js';
import { override, Schedule } from '../profiles/schedule.js';
import { consoleSummary } from '../reports/console-summary.js';
import { Progress } from '../reports/progress.js';
import { writeExtra, type ExtraOutput } from '../reports/run-folder.js';
import { durationMs, out, positiveNumber, tag, wholeNumber, type Out } from './options.js';
import { loadProfile } from '../profiles/profile-folder.js';

interface RunOptions {
  readonly baseUrl?: string;
  readonly users?: number;
  readonly spawnRate?: number;
  readonly runTime?: number;
  readonly scale?: number;
  readonly seed?: number;
  readonly workers?: number;
  readonly out?: readonly Out[];
  readonly html?: string;
  readonly tag?: Readonly<Record<string, string>>;
  readonly repeat: number;
}

const examples = `
Examples:
  $ load-runner run smoke
  $ load-runner run spike --scale 0.1                      a tenth of the time
  $ load-runner run peak -u 200 -r 20 -t 2m                200 users, 20 more each second, two minutes
  $ load-runner run load --base-url http://127.0.0.1:9100 --seed 42
  $ load-runner run smoke --out json=run.json --out csv=results --html report.html
  $ load-runner run ./my-profile.yaml --tag build=17
  $ load-runner run staged --out influxdb=http://127.0.0.1:8086/k6 --out prometheus=9464

Exit codes:
  0 passed, 99 a threshold failed, 104 bad configuration, 105 interrupted,
  120 the generator was the bottleneck and the figures are void, 122 target unreachable`;

export const runCommand = (): Command =>
  new Command('run')
    .description('apply a load profile and report what it did')
    .argument('<profile>', 'name of a profile in load-testing/profiles, or path of a YAML file')
    .option('--base-url <url>', 'target (default: BASE_URL, else http://127.0.0.1 and EDGE_PORT or 9000)')
    .option(
      '-u, --users <n>',
      'users of the highest stage; the others in proportion',
      wholeNumber(1, 100_000),
    )
    .option('-r, --spawn-rate <n>', 'users started per second in each ramp', positiveNumber(100_000))
    .option('-t, --run-time <time>', 'length of the whole run, like 90s or 5m', durationMs)
    .option('--scale <factor>', 'factor on every duration of the profile, like 0.1', positiveNumber(100))
    .option('--seed <n>', 'repeats journeys and think times of an earlier run', wholeNumber(0, 2 ** 32 - 1))
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

async function runProfile(profileName: string, options: RunOptions): Promise<number> {
  const request = readRequest(profileName, options);
  checkRequest(request);
  const interruption = watchSignals();
  let worst = 0;
  for (let repetition = 1; repetition <= options.repeat && !interruption.signal.aborted; repetition++) {
    const progress = new Progress(process.stderr, new Schedule(request.profile.stages).durationMs);
    const { run, folder } = await perform(request, {
      readiness: {
        onWaiting: (reason) => process.stderr.write(`waiting for ${request.baseUrl} (${reason})\n`),
      },
      onStarted: (running) => {
        process.stderr.write(`${request.profile.name} against ${request.baseUrl}, seed ${request.seed}\n`);
        interruption.stops(running);
      },
      onSecond: (second) => progress.show(second),
      onNote: (note) => progress.note(note),
    });
    progress.end();
    const suffix = options.repeat > 1 ? `-${repetition}` : '';
    for (const output of extraOutputs(options, suffix)) writeExtra(output, run);
    process.stdout.write(`${consoleSummary(run)}\n     Report: ${folder}/report.html\n`);
    worst = Math.max(worst, run.record.verdict.exitCode);
  }
  interruption.end();
  return interruption.signal.aborted ? exitCodes.interrupted : worst;
}

function readRequest(profileName: string, options: RunOptions): RunRequest {
  const { users, spawnRate, runTime, scale } = options;
  const profile = override(loadProfile(profileName), {
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
  };
}

const isFile = (one: Out): one is ExtraOutput => 'path' in one;

function extraOutputs({ out = [], html }: RunOptions, suffix: string): ExtraOutput[] {
  const numbered = ({ kind, path }: ExtraOutput): ExtraOutput => {
    const extension = kind === 'csv' ? '' : extname(path);
    return { kind, path: `${path.slice(0, path.length - extension.length)}${suffix}${extension}` };
  };
  return [...out.filter(isFile), ...(html === undefined ? [] : [{ kind: 'html', path: html } as const])].map(
    numbered,
  );
}

/** The first signal ends the run gracefully, and its report is still written; the second ends the process. */
function watchSignals(): { signal: AbortSignal; stops(running: RunningLoad): void; end(): void } {
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
