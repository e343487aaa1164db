/** What our commands have in common: help, one way to fail, and one way to be told to stop. */
import { whenLauncherDies } from './launcher.js';
import { InfraError, StoppedError } from './infra-error.js';

const NODE_MAJOR = 24;

/** Runs a command's body and ends the process with the code it returns. */
export async function runBin(help: string, body: (args: string[]) => Promise<number>): Promise<void> {
  const args = process.argv.slice(2);
  if (args[0] === '--help' || args[0] === '-h') {
    process.stdout.write(`${help.trim()}\n`);
    return;
  }
  try {
    requireNode();
    process.exitCode = await body(args);
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = error instanceof InfraError ? error.exitCode : 1;
  }
}

/** Aborted at the first SIGINT, SIGTERM or SIGHUP, and when the program that started us has died. */
export function stopSignal(onSignal: (signal: NodeJS.Signals) => void = () => undefined): AbortSignal {
  const stop = new AbortController();
  const handle = (signal: NodeJS.Signals) => {
    onSignal(signal);
    stop.abort(new StoppedError(signal));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, handle);
  whenLauncherDies(() => handle('SIGTERM'));
  return stop.signal;
}

function requireNode(): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= NODE_MAJOR) return;
  throw new InfraError(`This needs Node ${NODE_MAJOR}, which is in the workspace: put npx before node.`);
}

function describe(error: unknown): string {
  if (error instanceof InfraError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
