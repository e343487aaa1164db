/** `infra:serve`: the databases in the foreground. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runBin, stopSignal } from './bin.js';
import { readInfraConfig } from './config.js';
import { Custody } from './custody.js';
import { makeDirectory } from './database-home.js';
import { startDatabases, stopDatabases, type RunningPart } from './databases.js';
import { executeAbandonedWills } from './last-will.js';
import { withLock } from './lock.js';
import { isRunning } from './processes.js';

const HELP = `
Runs PostgreSQL and Redis until Ctrl-C.

  npx nx run infra:serve

Variables
  POSTGRES_PORT, REDIS_PORT   where they listen (54329, 63799), on 127.0.0.1 only
  INFRA_DIR                   data, logs and records (.infra in the workspace)
  DATABASE_URL, or all of COURSE_DATABASE_URL, DEGREE_DATABASE_URL, STUDENT_DATABASE_URL
                              a PostgreSQL of yours: none is started
  REDIS_URL                   a Redis of yours: none is started
`;
const WATCH_EVERY_MS = 500;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

await runBin(HELP, async () => {
  const config = readInfraConfig();
  const signal = stopSignal();
  await makeDirectory(config.infraDir);
  const custody = new Custody(config.infraDir);
  const locked = <T>(action: () => Promise<T>) => withLock(config.infraDir, action, { say });
  const stop = async (): Promise<void> => {
    await stopDatabases(custody, true);
    await custody.end();
  };
  const parts = await locked(async () => {
    try {
      await executeAbandonedWills(config.infraDir);
      return await startDatabases({ config, custody, say, signal });
    } catch (error) {
      await stop();
      throw error;
    }
  });
  await watchUntil(signal, parts);
  await locked(stop);
  return 0;
});

async function watchUntil(signal: AbortSignal, parts: readonly RunningPart[]): Promise<void> {
  let running = parts;
  while (!signal.aborted) {
    for (const { name, process } of running.filter((part) => !isRunning(part.process))) {
      say(`${name} (process ${process.pid}) ended unexpectedly. Start it again with: npx nx run infra:serve`);
    }
    running = running.filter((part) => isRunning(part.process));
    await sleep(WATCH_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
