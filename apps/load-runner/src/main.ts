// The load-runner's commands, and what each kind of failure ends with.

import { ports } from '@flowchart/contracts';
import { Command, CommanderError } from 'commander';
import { exitCodes } from './analysis/verdict.js';
import { compareCommand } from './commands/compare.js';
import { mergeCommand } from './commands/merge.js';
import { calibrateCommand } from './commands/calibrate.js';
import { profilesCommand, schemaCommand, validateCommand } from './commands/profiles.js';
import { reportCommand } from './commands/report.js';
import { runCommand } from './commands/run.js';
import { uiCommand } from './commands/ui.js';

const commands = [
  runCommand,
  compareCommand,
  mergeCommand,
  calibrateCommand,
  reportCommand,
  profilesCommand,
  validateCommand,
  schemaCommand,
  uiCommand,
];

/** Errors that are the user's to mend end with their message alone; by name, because they come from all over. */
const codes: Readonly<Record<string, number>> = {
  CalibrationError: exitCodes.generatorOverloaded,
  ConfigError: exitCodes.badConfiguration,
  ProfileError: exitCodes.badConfiguration,
  TargetError: exitCodes.badConfiguration,
  MeetingError: exitCodes.badConfiguration,
  MergeError: exitCodes.badConfiguration,
  DeltaLogError: exitCodes.badConfiguration,
  ComparisonError: exitCodes.badConfiguration,
  RunFolderError: exitCodes.badConfiguration,
  UnwritableError: exitCodes.badConfiguration,
  UnreachableError: exitCodes.targetUnreachable,
  DiscoveryError: exitCodes.targetUnreachable,
};

function exitCodeOf(error: unknown): number {
  // commander has told the user already; only `--help` and the like end well.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.badConfiguration;
  const { name, message, stack } = error as Error;
  const code = codes[name];
  process.stderr.write(
    `error: ${code === undefined ? (stack ?? message) : message}\nexit code ${code ?? 1}\n`,
  );
  return code ?? 1;
}

const help = `
Examples:
  $ load-runner run smoke                                  ten users for a minute, on a stack that runs
  $ load-runner run spike --scale 0.1                      a tenth of the time
  $ load-runner ui                                         the live page
Without a stack: npx nx run load-runner:smoke starts one, runs, and stops it.

Environment:
  BASE_URL           target (default: http://127.0.0.1 and EDGE_PORT)
  EDGE_PORT          port of the edge gateway (default: ${ports.edgeGateway.port})
  LOAD_RUNNER_PORT   port of the live page (default: ${ports.loadRunnerUi.port})
  DATABASE_URL, REDIS_URL
                     stores of the target, to collect their figures (default: those of the local stack)
  INFRA_DIR          what the local stack and calibrate keep (default: .infra)

Exit codes:
  0 passed, 99 a threshold failed, 104 bad configuration, 105 interrupted, 120 the generator was the bottleneck,
  121 worse than the baseline, 122 target unreachable, 123 inconclusive, 1 anything else`;

const program = new Command('load-runner')
  .description('Load generator and analyst of Degree Flowchart')
  .addHelpText('after', help)
  .showHelpAfterError('(see --help)');
for (const create of commands) program.addCommand(create());
program.exitOverride();
for (const command of program.commands)
  command.exitOverride().showHelpAfterError(`(see load-runner ${command.name()} --help)`);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
