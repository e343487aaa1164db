import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { databaseHome } from './database-home.js';
import { freePort } from './ports.js';
import { startPostgres, type RunningPostgres } from './postgres.js';
import { isRunning, sendSignal, stopProcess, type ProcessIdentity } from './processes.js';

describe('a PostgreSQL of our own', () => {
  let scratch: string;
  let dataDir: string;
  let port: number;
  const launched: ProcessIdentity[] = [];

  const start = (): Promise<RunningPostgres> =>
    startPostgres({
      dataDir,
      port,
      databases: ['course', 'degree'],
      onLaunch: async (process) => void launched.push(process),
    });

  async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: url });
    // It will be cut off when its server is killed.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'flowchart-postgres-'));
    ({ directory: scratch } = await databaseHome(scratch));
    dataDir = join(scratch, 'postgres');
  });
  beforeEach(async () => void (port = await freePort()));
  afterAll(async () => {
    for (const process of launched) await stopProcess(process, []);
    await rm(scratch, { recursive: true });
  });

  it('is made with its databases, and counts their statements', async () => {
    const server = await start();
    expect(server).toMatchObject({ adopted: false, version: expect.stringMatching(/^18\./) });
    expect(server.url('course')).toBe(`postgres://flowchart:flowchart@127.0.0.1:${port}/course`);
    const [row] = await query(server.url('degree'), 'SELECT count(*)::int AS calls FROM pg_stat_statements');
    expect(row?.calls).toBeGreaterThan(0);
    await query(server.url('course'), 'CREATE EXTENSION pg_trgm');
    await server.stop();
    expect(isRunning(server.process)).toBe(false);
  });

  it('is reached from this machine alone', async () => {
    const server = await start();
    const [row] = await query(server.url('course'), 'SHOW listen_addresses');
    expect(row?.listen_addresses).toBe('127.0.0.1');
    await server.stop();
  });

  it('is taken over where it runs already', async () => {
    const first = await start();
    const second = await start();
    expect(second).toMatchObject({ adopted: true, process: first.process });
    await second.stop();
    expect(isRunning(first.process)).toBe(false);
  });

  it('moves to another port when that is asked for', async () => {
    const first = await start();
    port = await freePort();
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(isRunning(first.process)).toBe(false);
    await second.stop();
  });

  it('has every acknowledged write after it was killed under load', async () => {
    const server = await start();
    await query(server.url('course'), 'CREATE TABLE writes (n int PRIMARY KEY)');
    let acknowledged = 0;
    const writing = (async () => {
      for (; ; acknowledged++)
        await query(server.url('course'), `INSERT INTO writes VALUES (${acknowledged})`);
    })();
    await new Promise((resolve) => setTimeout(resolve, 500));
    sendSignal(server.process, 'SIGKILL');
    await expect(writing).rejects.toThrow();
    const again = await start();
    const [row] = await query(
      again.url('course'),
      'SELECT count(*)::int AS rows, max(n) AS last FROM writes',
    );
    expect(acknowledged).toBeGreaterThan(0);
    expect(row?.rows).toBeGreaterThanOrEqual(acknowledged);
    expect(row?.rows).toBe(Number(row?.last) + 1);
    await again.stop();
  });

  it('starts although its pid file names a process of somebody else', async () => {
    const stale = [process.pid, dataDir, 1_700_000_000, port, '', '127.0.0.1', '1 1', 'ready'].join('\n');
    await writeFile(join(dataDir, 'postmaster.pid'), `${stale}\n`);
    const server = await start();
    expect(server.adopted).toBe(false);
    await server.stop();
  });

  it('does not start on a port of somebody else, and says which variable moves it', async () => {
    const other: Server = createServer().listen(port, '127.0.0.1');
    await expect(start()).rejects.toThrow(
      `Port ${port} is in use by another program. Stop it or set POSTGRES_PORT.`,
    );
    other.close();
  });

  it('does not start on data of another version, and says how to start over', async () => {
    const versionFile = join(dataDir, 'PG_VERSION');
    const version = await readFile(versionFile, 'utf8');
    await writeFile(versionFile, '15\n');
    await expect(start()).rejects.toThrow(/of PostgreSQL 15.*infra:reset/);
    await writeFile(versionFile, version);
  });
});
