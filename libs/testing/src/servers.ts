/** One throw-away PostgreSQL and Redis for a whole run of integration tests. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Custody, freePort, startPostgres, startRedis, stopPostgresFast, stopRedis } from '@flowchart/infra';

export interface TestServers {
  /** What suites read by `createTestDatabase` and `testRedisUrl`. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startTestServers(): Promise<TestServers> {
  const scratch = await mkdtemp(join(tmpdir(), 'flowchart-test-'));
  // Started as root, PostgreSQL runs as another user, who has to get in.
  await chmod(scratch, 0o755);
  // Stops them also when the test run is killed.
  const custody = new Custody(scratch, { remove: [scratch] });
  const postgres = await startPostgres({
    dataDir: join(scratch, 'postgres'),
    port: await freePort(),
    databases: [],
    durable: false,
    onLaunch: (process) => custody.keep({ name: 'postgres', process, steps: stopPostgresFast }),
  });
  const redis = await startRedis({
    dataDir: join(scratch, 'redis'),
    port: await freePort(),
    say: (line) => process.stderr.write(`${line}\n`),
    onLaunch: (process) => custody.keep({ name: 'redis', process, steps: stopRedis }),
  });
  if (!redis) throw new Error('Integration tests need a Redis; the lines above say what was tried.');
  return {
    env: { TEST_POSTGRES_URL: postgres.url('postgres'), TEST_REDIS_URL: redis.url },
    stop: async () => {
      await custody.stop('postgres');
      await custody.stop('redis');
      await custody.end();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
