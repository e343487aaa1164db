/** The user's own command: in the foreground for its output, but signalled by us alone. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { callerEnvironment, workspaceRoot } from './config.js';
import { Custody } from './custody.js';
import { codeOfSignal, InfraError } from './infra-error.js';
import { errorCode, identify, type StopStep } from './processes.js';

/** A load run that is interrupted still writes its report. */
const WIND_UP_MS = 30_000;
const steps: readonly StopStep[] = [{ signal: 'SIGTERM', waitMs: WIND_UP_MS }];

export class Command {
  #deadline: NodeJS.Timeout | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly custody: Custody,
    private readonly exit: Promise<unknown[]>,
  ) {}

  static async start(
    [command = '', ...args]: readonly string[],
    infraDir: string,
    extra: NodeJS.ProcessEnv = {},
  ): Promise<Command> {
    const environment = callerEnvironment();
    const child = spawn(command, args, {
      stdio: 'inherit',
      // A session of its own: Ctrl-C reaches it once, through us, and not from the terminal as well.
      detached: true,
      env: {
        ...environment,
        ...extra,
        PATH: [join(workspaceRoot, 'node_modules', '.bin'), environment.PATH].join(delimiter),
      },
    });
    const exit = once(child, 'exit');
    await Promise.race([once(child, 'spawn'), exit]).catch((cause: unknown) => {
      // EACCES: a folder on PATH is closed to this user, and no other has the command.
      if (!['ENOENT', 'EACCES'].includes(errorCode(cause) ?? '')) throw cause;
      throw new InfraError(`There is no command "${command}" that could be run.`, { cause });
    });
    const custody = new Custody(infraDir, { name: 'command' });
    const process = child.pid === undefined ? undefined : identify(child.pid);
    if (process !== undefined) await custody.keep({ name: 'command', process, steps });
    return new Command(child, custody, exit);
  }

  send(signal: NodeJS.Signals): void {
    this.child.kill(signal);
    this.#deadline ??= setTimeout(() => this.child.kill('SIGKILL'), WIND_UP_MS);
  }

  async ended(): Promise<number> {
    const [code, signal] = (await this.exit) as [number | null, NodeJS.Signals | null];
    clearTimeout(this.#deadline);
    await this.custody.end();
    if (signal !== null) return codeOfSignal(signal);
    return code ?? 1;
  }
}
