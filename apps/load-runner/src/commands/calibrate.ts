// `calibrate`: how much load this machine can generate at most; runs compare themselves with it from then on.

import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { exitCodes } from '../analysis/verdict.js';
import { calibrationFile, writeCalibration, type Ceiling } from '../calibration/calibration-file.js';
import { findCeiling, measureFlood, type CeilingStep } from '../calibration/find-ceiling.js';
import { NullTarget } from '../calibration/null-target.js';
import { defaultWorkers } from '../perform.js';
import { alignedRows } from '../reports/text-table.js';
import { discoverCatalogue } from '../users/catalogue.js';
import { wholeNumber } from './options.js';

interface CalibrateOptions {
  readonly workers?: number;
  readonly seconds: number;
}

const help = `
Examples:
  $ load-runner calibrate
  $ load-runner calibrate --workers 2                      also for runs with two workers
  $ load-runner calibrate --seconds 10                     steadier figures on a restless machine

What it finds is kept in .infra/calibration.json. Every run then tells which share of the ceiling it used, and warns
above 70 %. Calibrate on a machine that does nothing else, as load should be generated.

Exit codes:
  0 kept, 105 interrupted and nothing kept, 120 the machine is too busy to tell`;

export const calibrateCommand = (): Command =>
  new Command('calibrate')
    .description(
      'measure how much load this machine can generate, against a built-in server that costs next to nothing',
    )
    .option(
      '--workers <n>',
      'measure so many generator threads beside one (default: as many as runs have by default)',
      wholeNumber(1, 64),
    )
    .option('--seconds <n>', 'seconds that each step takes; there are a dozen or so', wholeNumber(2, 60), 2)
    .addHelpText('after', help)
    .action(async (options: CalibrateOptions) => {
      process.exitCode = await calibrate(options);
    });

async function calibrate({ workers, seconds }: CalibrateOptions): Promise<number> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const target = await NullTarget.start();
  try {
    const steps: CeilingStep[] = [];
    const catalogue = await discoverCatalogue(target.url);
    const options = {
      ...{ target, catalogue, seconds, signal: interruption.signal },
      onStep: (step: CeilingStep) => {
        steps.push(step);
        process.stderr.write(`${described(step)}\n`);
      },
    };
    const ceilings: Ceiling[] = [];
    for (const count of new Set([1, workers ?? defaultWorkers(availableParallelism())])) {
      ceilings.push(await findCeiling({ ...options, workers: count }));
    }
    await measureFlood({ ...options, workers: 1 });
    const file = calibrationFile();
    writeCalibration(file, ceilings);
    process.stdout.write(`${table(steps)}\n\n${ceilings.map(sentence).join('\n')}\nKept in ${file}\n`);
    return exitCodes.passed;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.stderr.write('interrupted: nothing was kept\n');
    return exitCodes.interrupted;
  } finally {
    await target.stop();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

const load = ({ model, level }: CeilingStep): string =>
  model === 'open' ? `${whole(level)} requests/s` : `${level} ${model === 'flood' ? 'connections' : 'users'}`;

const described = (step: CeilingStep): string =>
  `${step.workers} ${step.workers === 1 ? 'worker' : 'workers'}, ${step.model}, ${load(step)}: ` +
  `${whole(step.requestsPerSecond)} requests/s, ${step.cpuMicrosPerRequest.toFixed(1)} µs of CPU each`;

function table(steps: readonly CeilingStep[]): string {
  const head = [
    'workers',
    'model',
    'load',
    'requests/s',
    'p99',
    'loop late',
    'loop busy',
    'CPU each',
    'server busy',
    'kept up',
  ];
  const rows = steps.map((step) => [
    String(step.workers),
    step.model,
    load(step),
    whole(step.requestsPerSecond),
    `${step.p99Ms.toFixed(1)} ms`,
    `${step.loopDelayP99Ms.toFixed(1)} ms`,
    `${Math.round(step.loopUtilization * 100)} %`,
    `${step.cpuMicrosPerRequest.toFixed(1)} µs`,
    `${Math.round(step.serverCpu * 100)} %`,
    // Closed load and floods ask for no rate, so there is none to keep up with.
    step.model === 'open' ? (step.keptUp ? 'yes' : 'no') : '-',
  ]);
  return alignedRows([head, ...rows], () => false).join('\n');
}

const sentence = ({ workers, ceilingPerSecond, cpuMicrosPerRequest }: Ceiling): string =>
  `Ceiling with ${workers} ${workers === 1 ? 'worker' : 'workers'}: ${whole(ceilingPerSecond)} requests/s, ` +
  `${cpuMicrosPerRequest.toFixed(1)} µs of CPU each.`;

const whole = (value: number): string => new Intl.NumberFormat('en').format(Math.round(value));
