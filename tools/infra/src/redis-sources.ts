/** Where a Redis server can come from, cheapest first. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { systemEnvironment } from './launch.js';
import { alone, findProgram, type Program, type ProgramSearch, type ProgramSource } from './program.js';
import { buildRedis } from './redis-build.js';
import { fromPackage, type SystemPackage } from './system-package.js';

const run = promisify(execFile);

const VERSION_LIMIT_MS = 5000;

const redisPackage: SystemPackage = {
  name: 'redis-server',
  program: 'usr/bin/redis-server',
  directory: 'redis-package',
};

const redisSources: readonly ProgramSource[] = [
  redisOnPath,
  alone(fromPackage(redisPackage)),
  alone(buildRedis),
];

/** The first source whose program really runs; undefined, and the reasons said, when there is none. */
export async function findRedis(
  search: ProgramSearch,
  sources: readonly ProgramSource[] = redisSources,
): Promise<(Program & { version: string }) | undefined> {
  const reasons: string[] = [];
  for (const source of sources) {
    search.signal?.throwIfAborted();
    try {
      const found = await source(search);
      return { ...found, version: await versionOf(found, search) };
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  search.signal?.throwIfAborted();
  const because = reasons.map((reason) => `\n  - ${reason}`).join('');
  search.say(
    `No Redis: services run with their in-process cache only.${because}\n` +
      '  Install redis-server, or set REDIS_URL to a server of your own.',
  );
  return undefined;
}

async function redisOnPath(): Promise<Program> {
  const command = await findProgram('redis-server', 'valkey-server');
  if (command === undefined) throw new Error('neither redis-server nor valkey-server is on PATH');
  return { command, env: {}, origin: command };
}

/** Asks the program itself, as whom it will run: one that cannot be run there fails here. */
async function versionOf({ command, env }: Program, { account }: ProgramSearch): Promise<string> {
  const { stdout } = await run(command, ['--version'], {
    env: { ...systemEnvironment, ...env },
    cwd: '/',
    timeout: VERSION_LIMIT_MS,
    ...(account && { uid: account.uid, gid: account.gid }),
  });
  return /v=([\d.]+)/.exec(stdout)?.[1] ?? 'of unknown version';
}
