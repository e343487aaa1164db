/** Builds a Redis server from source through npm's redis-memory-server: the last resort, and slow. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { callerEnvironment } from './config.js';
import { makeDirectory } from './database-home.js';
import { findProgram, isExecutable, type Program, type ProgramSearch } from './program.js';

const run = promisify(execFile);

/** The last release under the BSD licence. */
export const BUILT_VERSION = '7.2.7';
const BUILDER = fileURLToPath(new URL('../dist/build-redis.js', import.meta.url));
const LIMIT_MS = 5 * 60_000;
const RETRY_AFTER_MS = 24 * 60 * 60_000;

export async function buildRedis({ cacheDir, say, signal }: ProgramSearch): Promise<Program> {
  const directory = join(cacheDir, 'redis-build');
  const command = join(directory, BUILT_VERSION, 'redis-server');
  const binary = { command, env: {}, origin: `built from source in ${directory}` };
  if (await isExecutable(command)) return binary;
  const failed = join(directory, 'failed');
  await requireWorthwhile(failed);
  // Half of an interrupted build, and the lock it left.
  await rm(directory, { recursive: true, force: true });
  await makeDirectory(directory);
  say(`Building Redis ${BUILT_VERSION} from source (once; at most ${LIMIT_MS / 60_000} minutes)`);
  try {
    await build(directory, signal);
    await run('chmod', ['-R', 'a+rX', directory]);
    return binary;
  } catch (cause) {
    await rm(directory, { recursive: true, force: true });
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    await makeDirectory(directory);
    await writeFile(failed, `${reason}\n`);
    throw new Error(`building it failed: ${reason.split('\n').at(-1)}`, { cause });
  }
}

/** A build that cannot succeed, or that failed today, would only hold up the start. */
async function requireWorthwhile(failed: string): Promise<void> {
  const tools = await Promise.all([findProgram('make'), findProgram('cc', 'gcc', 'clang')]);
  if (tools.includes(undefined))
    throw new Error('it cannot be built: make and a C compiler are not both here');
  const failure = await stat(failed).catch(() => undefined);
  if (failure === undefined || Date.now() - failure.mtimeMs > RETRY_AFTER_MS) return;
  throw new Error(`building it failed today already; remove ${failed} to try again`);
}

/** In a process group of its own, so that compilers end with it. */
async function build(directory: string, signal: AbortSignal | undefined): Promise<void> {
  const builder = spawn(process.execPath, [BUILDER, directory, BUILT_VERSION], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...callerEnvironment(), MAKEFLAGS: `-j${availableParallelism()}` },
  });
  let said = '';
  builder.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-1000)));
  const kill = () => builder.pid !== undefined && process.kill(-builder.pid, 'SIGKILL');
  const limit = setTimeout(kill, LIMIT_MS);
  signal?.addEventListener('abort', kill);
  const [code, killedBy] = (await once(builder, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(limit);
  signal?.removeEventListener('abort', kill);
  if (killedBy !== null) throw new Error(`not done within ${LIMIT_MS / 60_000} minutes`);
  if (code !== 0) throw new Error(said.trim() || `exit code ${code}`);
}
