/** `nx run edge-gateway:create-sessions`: live sessions for a load, without a login each. */
import { ConfigError } from '@flowchart/platform';
import { config } from './config.js';
import { Refusal, runCreateCommand } from './sessions/bulk/create-command.js';

try {
  process.stdout.write(await runCreateCommand(process.argv.slice(2), config, process.stderr));
} catch (error) {
  if (!(error instanceof Refusal || error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n--help tells more.\n`);
  process.exitCode = 2;
}
