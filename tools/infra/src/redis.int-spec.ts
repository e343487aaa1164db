import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { databaseHome } from './database-home.js';
import { freePort } from './ports.js';
import { isRunning, sendSignal, stopProcess, type ProcessIdentity } from './processes.js';
import { startRedis, type RunningRedis } from './redis.js';

describe('a Redis of our own', () => {
  let scratch: string;
  let dataDir: string;
  let port: number;
  const launched: ProcessIdentity[] = [];

  async function start(): Promise<RunningRedis> {
    const onLaunch = async (process: ProcessIdentity) => void launched.push(process);
    const server = await startRedis({ dataDir, port, onLaunch });
    if (server === undefined) throw new Error('this test needs a Redis server');
    return server;
  }

  /** Sends inline commands and returns all they answer. */
  const say = (...commands: string[]): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    socket.write([...commands, 'QUIT', ''].join('\r\n'));
    return text(socket);
  };

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'flowchart-redis-'));
    const home = await databaseHome(scratch);
    dataDir = join(home.directory, 'redis');
  });
  beforeEach(async () => void (port = await freePort()));
  afterAll(async () => {
    for (const process of launched) await stopProcess(process, []);
    await rm(scratch, { recursive: true });
  });

  it('answers on its port, and evicts what expires before anything else', async () => {
    const server = await start();
    expect(server).toMatchObject({ adopted: false, url: `redis://127.0.0.1:${port}` });
    expect(await say('CONFIG GET maxmemory-policy')).toContain('volatile-ttl');
    await server.stop();
    expect(isRunning(server.process)).toBe(false);
  });

  it('is taken over where it runs already', async () => {
    const first = await start();
    const second = await start();
    expect(second).toMatchObject({ adopted: true, process: first.process });
    await second.stop();
  });

  it('moves to another port when that is asked for', async () => {
    const first = await start();
    port = await freePort();
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(isRunning(first.process)).toBe(false);
    await second.stop();
  });

  it('has every acknowledged write after it was killed', async () => {
    const server = await start();
    await say('XADD events * course changed', 'SET session alive');
    sendSignal(server.process, 'SIGKILL');
    const again = await start();
    expect(again.adopted).toBe(false);
    expect(await say('XLEN events', 'GET session')).toBe(':1\r\n$5\r\nalive\r\n+OK\r\n');
    await again.stop();
  });

  it('starts although its pid file names a process of somebody else', async () => {
    await writeFile(join(dataDir, 'redis.pid'), `${process.pid}\n`);
    const server = await start();
    expect(server.adopted).toBe(false);
    await server.stop();
  });

  it('does not start on a port of somebody else, and says which variable moves it', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await expect(start()).rejects.toThrow(
      `Port ${port} is in use by another program. Stop it or set REDIS_PORT.`,
    );
    other.close();
  });
});
