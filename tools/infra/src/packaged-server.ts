/** A server of the operating system's packages, installed or unpacked without root, run for a while as a plain user. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseAccount, makeDataDirectory, programHome } from './database-home.js';
import { InfraError } from './infra-error.js';
import { launch, logTail, systemEnvironment } from './launch.js';
import { HOST } from './ports.js';
import { isRunning, stopProcess, type ProcessIdentity, type StopStep } from './processes.js';
import {
  findProgram,
  isExecutable,
  type Program,
  type ProgramSearch,
  type ProgramSource,
} from './program.js';

/** What every such server is started with. */
export interface PackagedServerOptions {
  /** Its own: configuration and data. Its log lies beside it. */
  readonly directory: string;
  /** Where it listens once it is ready. */
  readonly port: number;
  /** Where an unpacked program is kept; in the workspace unless given. */
  readonly cacheDir?: string;
  readonly say: (line: string) => void;
  /** Told of the new process before it is ready, so that it is never without somebody to stop it. */
  readonly onLaunch: (process: ProcessIdentity) => Promise<void>;
}

/** Where a program is looked for. */
export interface PackagedProgram {
  /** The program's name, also of its log. */
  readonly name: string;
  /** Other names it goes by on PATH. */
  readonly otherNames?: readonly string[];
  /** Where Debian puts it, which is not on every user's PATH. */
  readonly installed: string;
  /** Where else it comes from. */
  readonly unpacked: ProgramSource;
}

export interface PackagedServer extends PackagedProgram {
  /** Written into its directory before it starts; some take all they need as arguments. */
  readonly configuration?: { readonly file: string; readonly text: string };
  readonly args: readonly string[];
  /** Besides what the system's programs need. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

export const stopPackagedServer: readonly StopStep[] = [{ signal: 'SIGTERM', waitMs: 10_000 }];

const READY_LIMIT_MS = 30_000;
const POLL_MS = 20;

/** Starts an installed one, else that of the system's package; rejects with the reason where there is neither. */
export async function startPackagedServer(
  server: PackagedServer,
  options: PackagedServerOptions,
): Promise<ProcessIdentity> {
  const { directory, port } = options;
  const account = await databaseAccount();
  const home = { directory: dirname(directory), account };
  const cacheDir = options.cacheDir ?? (await programHome(home));
  const { command, env } = await findPackaged(server, { cacheDir, account, say: options.say });
  await makeDataDirectory(directory, account);
  const { configuration, cwd } = server;
  if (configuration) await writeFile(join(directory, configuration.file), configuration.text);
  const logFile = join(dirname(directory), `${server.name}.log`);
  const process = await launch({
    command,
    args: server.args,
    logFile,
    env: { ...systemEnvironment, ...env, ...server.env },
    account,
    ...(cwd !== undefined && { cwd }),
  });
  await options.onLaunch(process);
  if (await listens(process, port)) return process;
  await stopProcess(process, stopPackagedServer);
  throw new InfraError(`${server.name} did not start:\n${await logTail(logFile)}`);
}

/** The program on PATH, where Debian puts it, or from its package; throws why there is none. */
export async function findPackaged(
  { name, otherNames = [], installed, unpacked }: PackagedProgram,
  search: ProgramSearch,
): Promise<Program> {
  const onPath = await findProgram(name, ...otherNames);
  const command = onPath ?? ((await isExecutable(installed)) ? installed : undefined);
  return command === undefined ? unpacked(search) : { command, env: {}, origin: command };
}

async function listens(process: ProcessIdentity, port: number): Promise<boolean> {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (isRunning(process) && Date.now() < deadline) {
    const socket = connect(port, HOST);
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return true;
    await sleep(POLL_MS);
  }
  return false;
}
