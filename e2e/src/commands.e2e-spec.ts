/** The commands of the README, as a user types them. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { freePorts } from '@flowchart/infra';
import { loadRunner, reportFolder, start } from './command-line.js';
import { edgeUrl } from './config.js';

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.unref();
    socket.once('connect', () => socket.destroy());
  });

describe('load-runner run', () => {
  it('drives the real system without an error and says so in all its files', async () => {
    const args = ['run', 'e2e/fixtures/short.yaml', '--base-url', edgeUrl(), '--seed', '7'];
    const finished = await loadRunner(args);
    expect([finished.code, finished.output]).toEqual([0, expect.stringContaining('http_req_duration')]);
    const folder = reportFolder(finished);
    const files = await readdir(folder);
    expect(files).toEqual(
      expect.arrayContaining(['run.json', 'summary.json', 'report.html', 'timeseries.ndjson']),
    );
    const summary = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8')) as {
      metrics: Record<string, { values: Record<string, number> }>;
    };
    expect(summary.metrics['http_reqs']?.values['count']).toBeGreaterThan(10);
    expect(summary.metrics['http_req_failed']?.values['rate']).toBe(0);
    expect(summary.metrics['checks']?.values['fails']).toBe(0);
    await rm(folder, { recursive: true });
  }, 60_000);

  it('ends with 104 on a profile that is none', async () => {
    expect((await loadRunner(['run', 'nonsense', '--base-url', edgeUrl()])).code).toBe(104);
  }, 30_000);
});

describe('nx run-many -t serve', () => {
  it('starts everything, and Ctrl-C stops everything', async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'flowchart-serve-'));
    const ports = await freePorts();
    const env = { ...ports, INFRA_DIR: scratch, DATASET_SIZE: 'XS', LOG_LEVEL: 'warn' };
    const { child, finished } = start('node_modules/.bin/nx', ['run-many', '-t', 'serve'], env);
    try {
      const ready = async (variable: string, path = '/actuator/health/readiness') =>
        fetch(`http://127.0.0.1:${ports[variable]}${path}`).then(
          ({ ok }) => ok,
          () => false,
        );
      const all = async () =>
        (await ready('EDGE_PORT')) &&
        (await ready('COURSE_SERVICE_PORT')) &&
        (await ready('DEGREE_SERVICE_PORT')) &&
        (await ready('STUDENT_SERVICE_PORT')) &&
        (await ready('LOAD_RUNNER_PORT', '/'));
      for (const deadlineMs = Date.now() + 90_000; !(await all()) && Date.now() < deadlineMs;)
        await sleep(250);
      expect(await all()).toBe(true);
    } finally {
      // Ctrl-C goes to the whole process group.
      process.kill(-(child.pid as number), 'SIGINT');
      await finished;
    }
    const listening = await Promise.all(Object.values(ports).map((port) => isListening(Number(port))));
    expect(listening).not.toContain(true);
    await rm(scratch, { recursive: true, force: true });
  }, 150_000);
});
