// The load-runner's commands, and what each kind of failure ends with.

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

const program = new Command('load-runner')
  .description('Load generator and analyst of Degree Flowchart')
  .showHelpAfterError('(see --help)');
for (const create of commands) program.addCommand(create());
for (const command of [program, ...program.commands]) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
