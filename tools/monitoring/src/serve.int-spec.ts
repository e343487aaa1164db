/** `monitoring:serve` as a user has it: it starts what there is, refuses a port that is taken, and leaves nothing. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort, requireFreePort } from '@flowchart/infra';
import { monitoringPorts } from './config.js';

const PROGRAM = join(import.meta.dirname, '../dist/serve.js');
/** The first start fetches the packages. */
const START_LIMIT_MS = 240_000;
const SCRAPED_WITHIN_MS = 15_000;

type Served = ChildProcessByStdio<null, Readable, Readable>;

describe('monitoring:serve', () => {
  let infraDir: string;
  let ports: Record<string, string>;
  let running: Served | undefined;

  beforeEach(async () => {
    infraDir = await mkdtemp(join(tmpdir(), 'flowchart-monitoring-'));
    // Started as root, the programs run as another user, who has to get in.
    await chmod(infraDir, 0o755);
    const variables = Object.values(monitoringPorts).map(({ variable }) => variable);
    ports = Object.fromEntries(
      await Promise.all(variables.map(async (variable) => [variable, String(await freePort())] as const)),
    );
  });
  afterEach(async () => {
    if (running?.exitCode === null) {
      running.kill('SIGINT');
      await once(running, 'exit');
    }
    await rm(infraDir, { recursive: true, force: true });
  });

  function serve(env: Record<string, string> = {}, ...args: string[]): Served {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { ...process.env, ...ports, INFRA_DIR: infraDir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running = child;
    return child;
  }

  async function up(child: Served): Promise<string> {
    let said = '';
    for await (const chunk of child.stdout) {
      said += String(chunk);
      if (said.includes('the monitoring is up')) return said;
    }
    throw new Error(`it ended: ${said}${await text(child.stderr)}`);
  }

  async function health(): Promise<Record<string, string>> {
    const answer = await fetch(`http://127.0.0.1:${ports['PROMETHEUS_PORT']}/api/v1/targets?state=active`);
    const { data } = (await answer.json()) as {
      data: { activeTargets: { labels: { job: string }; health: string }[] };
    };
    return Object.fromEntries(data.activeTargets.map(({ labels, health: is }) => [labels.job, is]));
  }

  it(
    'runs the real programs on the files of the containers, and leaves nothing at Ctrl-C',
    async () => {
      const child = serve();
      const said = await up(child);
      for (const title of [
        'PostgreSQL exporter',
        'Redis exporter',
        'node exporter',
        'InfluxDB',
        'Alertmanager',
      ])
        expect(said).toMatch(new RegExp(`^${title}: http://127\\.0\\.0\\.1:\\d+$`, 'm'));
      const deadlineMs = Date.now() + SCRAPED_WITHIN_MS;
      const wanted = { postgres: 'up', redis: 'up', node: 'up', monitoring: 'up', services: 'down' };
      while (
        JSON.stringify(Object.values(await health()).sort()) !== JSON.stringify(Object.values(wanted).sort())
      ) {
        if (Date.now() > deadlineMs) break;
        await sleep(200);
      }
      expect(await health()).toEqual(wanted);
      const inUse = await readFile(
        join(infraDir, 'monitoring', 'configuration', 'prometheus', 'prometheus.yml'),
        'utf8',
      );
      expect(inUse).toContain('files: [targets/services.json]');

      child.kill('SIGINT');
      await once(child, 'exit');
      expect(child.exitCode).toBe(0);
      for (const [variable, port] of Object.entries(ports)) await requireFreePort(Number(port), variable);
    },
    START_LIMIT_MS,
  );

  it('refuses a port that is taken before it starts anything', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const child = serve({ PROMETHEUS_PORT: String(port) });
    const [said, complaint] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    other.close();
    expect(complaint).toBe(`Port ${port} is in use by another program. Stop it or set PROMETHEUS_PORT.\n`);
    expect(said).toBe('');
    expect(child.exitCode).toBe(1);
  });

  it('tells what it does, and what it does not understand', async () => {
    expect(await text(serve({}, '--help').stdout)).toContain('npx nx run monitoring:serve');
    expect(await text(serve({}, '--port').stderr)).toBe('--port is not understood; see --help\n');
  });
});
