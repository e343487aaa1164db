/** Makes a new database cluster, whole or not at all. */
import { execFile } from 'node:child_process';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { embeddedPostgres } from '@flowchart/contracts';
import { makeDataDirectory } from './database-home.js';
import { InfraError } from './infra-error.js';
import { systemEnvironment, type Account } from './launch.js';
import type { PostgresBinaries } from './postgres-binaries.js';

const run = promisify(execFile);

interface NewCluster {
  readonly dataDir: string;
  readonly account: Account | undefined;
  readonly binaries: PostgresBinaries;
  readonly durable?: boolean;
}

export async function initialise({ dataDir, account, binaries, durable }: NewCluster): Promise<void> {
  const unfinished = `${dataDir}.unfinished`;
  const passwordFile = `${dataDir}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await makeDataDirectory(unfinished, account);
  try {
    await writeFile(passwordFile, embeddedPostgres.password);
    // Whatever the umask: the account reads it. It is the development password of `contracts`, no secret.
    await chmod(passwordFile, 0o644);
    await run(
      binaries.initdb,
      [
        `--pgdata=${unfinished}`,
        `--username=${embeddedPostgres.user}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // Sorts alike on every machine, whatever locales its operating system has.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        ...(durable === false ? ['--no-sync'] : []),
      ],
      { env: systemEnvironment, cwd: '/', ...(account && { uid: account.uid, gid: account.gid }) },
    );
    await rename(unfinished, dataDir);
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new InfraError(`PostgreSQL cannot make its data in ${dataDir}:\n${said}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
}
