/** `nx run student-service:load-dataset`: replaces the students by a generated data set of another size. */
import { ConfigError } from '@flowchart/platform';
import { config } from './config.js';
import { Refusal, runLoadCommand, terminalQuestion } from './seed/load-command.js';

// Ctrl-C simply ends the process: what a load left undone shows in the database itself.
try {
  const around = { config, screen: process.stderr, ask: terminalQuestion(process.stdin, process.stderr) };
  process.stdout.write(await runLoadCommand(process.argv.slice(2), around));
} catch (error) {
  if (!(error instanceof Refusal || error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n--help tells more.\n`);
  process.exitCode = 2;
}
