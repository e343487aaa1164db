/** An nginx of our own, to be put in front of the edge. */
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
import { alone, findProgram, isExecutable, type Program, type ProgramSearch } from './program.js';
import { fromPackage } from './system-package.js';

export interface NginxOptions {
  /** Its own: configuration, temporary files and log. */
  readonly directory: string;
  /** What stands in its `http` block. */
  readonly http: string;
  /** Where `http` makes it listen. */
  readonly port: number;
  /** Where an unpacked nginx is kept; in the workspace unless given. */
  readonly cacheDir?: string;
  readonly say: (line: string) => void;
  /** Told of the new process before it is ready, so that it is never without somebody to stop it. */
  readonly onLaunch: (process: ProcessIdentity) => Promise<void>;
}

export const stopNginx: readonly StopStep[] = [{ signal: 'SIGTERM', waitMs: 10_000 }];

const READY_LIMIT_MS = 30_000;
const POLL_MS = 20;

const unpacked = alone(fromPackage({ name: 'nginx', program: 'usr/sbin/nginx', directory: 'nginx-package' }));
/** Where Debian puts it, which is not on every user's PATH. */
const INSTALLED = '/usr/sbin/nginx';

/** Starts an installed nginx, else that of the system's package; rejects with the reason where there is neither. */
export async function startNginx(options: NginxOptions): Promise<ProcessIdentity> {
  const { directory, port } = options;
  const account = await databaseAccount();
  const home = { directory: dirname(directory), account };
  const cacheDir = options.cacheDir ?? (await programHome(home));
  const { command, env } = await findNginx({ cacheDir, account, say: options.say });
  const file = join(directory, 'nginx.conf');
  await makeDataDirectory(directory, account);
  await writeFile(file, configuration(options));
  const logFile = join(dirname(directory), 'nginx.log');
  const process = await launch({
    command,
    args: ['-p', directory, '-c', file, '-e', 'stderr'],
    logFile,
    env: { ...systemEnvironment, ...env },
    account,
  });
  await options.onLaunch(process);
  if (await listens(process, port)) return process;
  await stopProcess(process, stopNginx);
  throw new InfraError(`nginx did not start:\n${await logTail(logFile)}`);
}

async function findNginx(search: ProgramSearch): Promise<Program> {
  const command = (await findProgram('nginx')) ?? ((await isExecutable(INSTALLED)) ? INSTALLED : undefined);
  return command === undefined ? unpacked(search) : { command, env: {}, origin: command };
}

/** Nothing of it lies where a package would have put it: those places belong to root. */
const configuration = ({ directory, http }: NginxOptions): string => `
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 512; }
http {
access_log off;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`).join('\n')}
${http}
}
`;

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
