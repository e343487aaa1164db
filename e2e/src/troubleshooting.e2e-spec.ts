/** The troubleshooting guide against a running system and its monitoring: every command works, every metric is there. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@flowchart/infra';
import {
  monitoringPorts,
  readMonitoringConfig,
  startMonitoring,
  type RunningMonitoring,
} from '@flowchart/monitoring';
import { root } from './command-line.js';
import { callerEnvironment } from './config.js';
import { call, login } from './edge-client.js';
import { guideCommands, metricsNamedIn } from './guide.js';
import { startTestStack, type TestStack } from './test-stack.js';

const run = promisify(execFile);
const guide = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');
const commands = guideCommands(guide);

const exporters = ['postgresExporter', 'redisExporter', 'nodeExporter'] as const;
const services = ['EDGE_PORT', 'COURSE_SERVICE_PORT', 'DEGREE_SERVICE_PORT', 'STUDENT_SERVICE_PORT'];
/** Told by what is not here: replicas, a cluster, an address with a certificate. */
const elsewhere = [
  'pg_replication_lag_seconds',
  'kube_horizontalpodautoscaler_status_current_replicas',
  'probe_ssl_earliest_cert_expiry',
];
/** A function of PostgreSQL. */
const noMetric = ['pg_cancel_backend'];
/** More than the circuit to a service stands. */
const FAILURES = 15;
const WITHIN_MS = 30_000;

describe('docs/troubleshooting.md', () => {
  let own: TestStack;
  let monitoring: RunningMonitoring;
  let env: Record<string, string>;

  beforeAll(async () => {
    // Every statement of more than a millisecond counts as slow, so that there are some.
    own = await startTestStack({ env: { LOG_LEVEL: 'info', SLOW_QUERY_MS: '1' } });
    const names = Object.values(monitoringPorts);
    const ports = await Promise.all(
      names.map(async ({ variable }) => [variable, String(await freePort())] as const),
    );
    env = { ...own.env, ...Object.fromEntries(ports) };
    const say = (line: string): boolean => process.stderr.write(`${line}\n`);
    monitoring = await startMonitoring({
      config: readMonitoringConfig(env),
      say,
      only: [...exporters, 'prometheus'],
    });
    expect(monitoring.parts.map(({ name }) => name)).toEqual([...exporters, 'prometheus']);
    env['REQUEST_ID'] = await makeTrouble();
    await until('Prometheus knows the rate of failures', async () => (await failuresSay()).includes('"503"'));
  }, 240_000);

  afterAll(async () => {
    await monitoring?.stop();
    await own?.stop();
  }, 60_000);

  async function failuresSay(): Promise<string> {
    const query = 'rate(http_server_requests_seconds_count{status="503"}[5m])';
    const url = `http://127.0.0.1:${env['PROMETHEUS_PORT']}/api/v1/query?query=${encodeURIComponent(query)}`;
    return (await fetch(url)).text();
  }

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (const deadlineMs = Date.now() + WITHIN_MS; !(await holds()); await sleep(100))
      if (Date.now() > deadlineMs) throw new Error(`${what}: not within ${WITHIN_MS} ms`);
  }

  /** A service is away for a while, as the guide is for such times; the id of a request that failed. */
  async function makeTrouble(): Promise<string> {
    const baseUrl = own.edges[0] ?? '';
    const { accessToken: token } = await login('student1', 'flowchart', baseUrl);
    const me = () => call('/students/me', { baseUrl, token });
    await own.stack.kill('student-service');
    const failed = [];
    for (let count = 0; count < FAILURES; count++) failed.push(await me());
    expect(failed.map(({ status }) => status)).toEqual(failed.map(() => 503));
    await own.stack.restart('student-service');
    await until('student-service is back', async () => (await me()).status === 200);
    for (const path of ['/students/me/audit', '/students/me/transcript', '/courses?q=data&limit=100'])
      expect((await call(path, { baseUrl, token })).status).toBe(200);
    return failed[0]?.headers.get('x-request-id') ?? '';
  }

  const bash = (command: string, more: Record<string, string> = {}) =>
    run('bash', ['-eo', 'pipefail', '-c', command], {
      cwd: root,
      env: { ...callerEnvironment, NODE_OPTIONS: '', ...env, ...more },
      maxBuffer: 16 * 2 ** 20,
    });

  it('has commands that can be run here, most of them with a promise', () => {
    expect(commands.length).toBeGreaterThan(40);
    expect(commands.filter(({ promised }) => promised).length).toBeGreaterThan(40);
  });

  it.each(commands.map(({ section, text, promised }) => ({ section, text, promised })))(
    '$section: $text',
    async ({ text, promised }) => {
      const { stdout } = await bash(text);
      expect(stdout.trim()).not.toBe('');
      if (promised !== undefined) expect(stdout).toContain(promised);
    },
  );

  it('has a way to ask PostgreSQL that does not change it by mistake', async () => {
    const ask = bash('npx node tools/infra/dist/ask-postgres.js "DELETE FROM course_outbox"');
    await expect(ask).rejects.toMatchObject({
      code: 1,
      stderr: 'PostgreSQL refuses: cannot execute DELETE in a read-only transaction\n',
    });
  });

  it.each(['ask-postgres.js "SELECT 1"', 'ask-redis.js PING'])(
    'hears from %s who does not answer',
    async (ask) => {
      const port = String(await freePort());
      const asked = bash(`npx node tools/infra/dist/${ask}`, { POSTGRES_PORT: port, REDIS_PORT: port });
      await expect(asked).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          new RegExp(`^(PostgreSQL|Redis) at 127\\.0\\.0\\.1:${port} .*ECONNREFUSED.*\n$`),
        ),
      });
    },
  );

  it('names no metric that nobody tells', async () => {
    const ports = [
      ...services.map((variable) => `${env[variable]}/actuator/prometheus`),
      ...exporters.map((name) => `${env[monitoringPorts[name].variable]}/metrics`),
    ];
    const known = new Set<string>();
    for (const address of ports) {
      const text = await (await fetch(`http://127.0.0.1:${address}`)).text();
      for (const [, family, sample] of text.matchAll(/^(?:# TYPE (\w+)|(\w+))/gm))
        known.add(family ?? sample ?? '');
    }
    const kinds = new Set([...known, ...elsewhere].map((name) => name.split('_')[0]));
    const named = [...metricsNamedIn(guide)].filter((name) => kinds.has(name.split('_')[0]));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((name) => !known.has(name)).sort()).toEqual([...elsewhere, ...noMetric].sort());
  });
});
