/** `infra:reset`: back to nothing. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runBin } from './bin.js';
import { readInfraConfig } from './config.js';
import { makeDirectory, sharedPlace } from './database-home.js';
import { InfraError } from './infra-error.js';
import { withLock } from './lock.js';
import { stopPostgresFast } from './postgres.js';
import { findPostmaster } from './postmaster.js';
import { errorCode, stopProcess } from './processes.js';
import { exists } from './records.js';
import { findRedisProcess, stopRedis } from './redis.js';

const HELP = `
Stops the databases of this workspace and removes their data and logs.

  npx nx run infra:reset

An unpacked or built Redis server stays. INFRA_DIR names another folder than .infra.
`;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

await runBin(HELP, async () => {
  const { infraDir } = readInfraConfig();
  await makeDirectory(infraDir);
  await withLock(infraDir, () => reset(infraDir), { say });
  return 0;
});

async function reset(infraDir: string): Promise<void> {
  const removed: string[] = [];
  for (const directory of [infraDir, sharedPlace(infraDir)]) {
    await stopDatabasesIn(directory);
    for (const name of ['postgres', 'redis', 'postgres.log', 'redis.log', 'logs']) {
      const path = join(directory, name);
      if (!(await exists(path))) continue;
      await remove(path);
      removed.push(path);
    }
  }
  say(removed.length === 0 ? `Nothing to remove in ${infraDir}.` : `Removed ${removed.join(', ')}.`);
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true });
  } catch (error) {
    if (errorCode(error) !== 'EACCES' && errorCode(error) !== 'EPERM') throw error;
    throw new InfraError(`${path} belongs to another user. Run this as that user or as root.`);
  }
}

async function stopDatabasesIn(directory: string): Promise<void> {
  const postgres = await findPostmaster(join(directory, 'postgres'));
  if (postgres !== undefined) await stopProcess(postgres.process, stopPostgresFast);
  const redis = await findRedisProcess(join(directory, 'redis'));
  if (redis !== undefined) await stopProcess(redis.process, stopRedis);
  for (const name of [postgres && 'PostgreSQL', redis && 'Redis']) {
    if (name !== undefined) say(`Stopped ${name}.`);
  }
}
