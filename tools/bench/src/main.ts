/** The command line of the benches. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { Bench } from './bench.js';
import { auth } from './benches/auth/auth.js';
import { cache } from './benches/cache/cache.js';
import { connections } from './benches/connections/connections.js';
import { edge } from './benches/edge/edge.js';
import { generator } from './benches/generator/generator.js';
import { journey } from './benches/journey/journey.js';
import { metrics } from './benches/metrics/metrics.js';
import { overload } from './benches/overload/overload.js';
import { service } from './benches/service/service.js';
import { startup } from './benches/startup/startup.js';
import { tracing } from './benches/tracing/tracing.js';
import { exitCodes, runBench, type RunOptions } from './run-bench.js';

const benches: readonly Bench[] = [
  edge,
  cache,
  auth,
  journey,
  service,
  overload,
  connections,
  generator,
  startup,
  metrics,
  tracing,
];

const numberFrom = (least: number) => (text: string) => {
  const value = Number(text);
  if (text.trim() !== '' && value >= least) return value;
  throw new InvalidArgumentError(`It must be a number from ${least}.`);
};

const wholeFrom = (least: number) => (text: string) => {
  const value = numberFrom(least)(text);
  if (Number.isInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number.');
};

const examples = (name: string): string => `
Exit codes: 0 measured, ${exitCodes.targetMissed} a target was not met (with --gate), ${exitCodes.interrupted} interrupted, ${exitCodes.failed} failed
Example:    npx nx run bench:${name} -- --rounds 9 --seconds 3
Reading it: docs/benchmarks.md`;

function commandOf(bench: Bench): Command {
  const command = new Command(bench.name)
    .summary(bench.summary)
    .description(bench.description)
    .option('--rounds <n>', 'rounds that count; one more is thrown away before them', wholeFrom(1), 5)
    .option('--seconds <n>', 'length of one measurement', numberFrom(0.1), bench.defaultSeconds)
    .option('--seed <n>', 'order within the rounds, as in an earlier run', wholeFrom(0))
    .option('--out <file>', 'where the result goes (default: tools/bench/results, from 5 rounds on)')
    .option('--gate', 'fail unless every target is met')
    .addHelpText('after', examples(bench.name))
    .action(async (options: RunOptions) => {
      process.exitCode = await runBench(bench, options);
    });
  bench.addOptions?.(command);
  return command;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  const { name, message, stack } = error as Error;
  const expected = name === 'BenchError' || name === 'InfraError';
  process.stderr.write(`error: ${expected ? message : (stack ?? message)}\n`);
  return message.startsWith('interrupted') ? exitCodes.interrupted : exitCodes.failed;
}

const program = new Command('bench')
  .description('Benchmarks of Degree Flowchart, each an interleaved comparison within one run')
  .showHelpAfterError('(see --help)');
for (const bench of benches) program.addCommand(commandOf(bench));
for (const command of [program, ...program.commands]) command.exitOverride();

// Whoever reads the output through `head` has seen enough: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
