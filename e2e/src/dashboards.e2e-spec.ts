/** Every expression of every dashboard on a real Prometheus, after a short real load: no error, and nothing empty. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Course } from '@flowchart/contracts';
import { freePort } from '@flowchart/infra';
import {
  monitoringPorts,
  readMonitoringConfig,
  startMonitoring,
  takeSnapshot,
  type RunningMonitoring,
  type Snapshot,
} from '@flowchart/monitoring';
import { loadRunner, reportFolder } from './command-line.js';
import { writeDrillFiles } from './drill-files.js';
import { call, login } from './edge-client.js';
import { startTestStack, type TestStack } from './test-stack.js';

const ANY_WEBHOOK = 'http://127.0.0.1:9';
const CHANGE_EVERY_MS = 1500;
/** Rules of a minute are evaluated every six seconds here, and PostgreSQL is scraped every five. */
const SETTLE_MS = 6500;

describe('the dashboards', () => {
  let own: TestStack;
  let monitoring: RunningMonitoring;
  let snapshot: Snapshot;

  beforeAll(async () => {
    own = await startTestStack();
    const prometheusUrl = await startOwnMonitoring();
    const fromSeconds = Date.now() / 1000;
    await useEverything(prometheusUrl);
    await sleep(SETTLE_MS);
    snapshot = await takeSnapshot({ prometheusUrl, fromSeconds, toSeconds: Date.now() / 1000 });
  }, 240_000);

  afterAll(async () => {
    await monitoring?.stop();
    await own?.stop();
  }, 60_000);

  /** With every duration of the rules a tenth, so that the windows of days have a value, too. */
  async function startOwnMonitoring(): Promise<string> {
    const ports = await Promise.all(
      Object.values(monitoringPorts).map(
        async ({ variable }) => [variable, String(await freePort())] as const,
      ),
    );
    const config = readMonitoringConfig({ ...own.env, ...Object.fromEntries(ports) });
    const files = join(own.env['INFRA_DIR'] ?? '', 'drill');
    await writeDrillFiles(files, ANY_WEBHOOK);
    const only = ['postgresExporter', 'redisExporter', 'nodeExporter', 'prometheus'] as const;
    const say = (line: string): boolean => process.stderr.write(`${line}\n`);
    monitoring = await startMonitoring({ config, say, files, only });
    expect(monitoring.parts.map(({ name }) => name)).toEqual([...only]);
    return `http://127.0.0.1:${config.ports.prometheus}`;
  }

  /** A load run that tells Prometheus of itself, and a registrar whose changes are events. */
  async function useEverything(prometheusUrl: string): Promise<void> {
    const baseUrl = own.edges[0] ?? '';
    let over = false;
    const run = loadRunner([
      ...['run', 'e2e/fixtures/dashboards.yaml', '--base-url', baseUrl],
      ...['--out', `prometheus-rw=${prometheusUrl}/api/v1/write`],
    ]).finally(() => (over = true));
    const { accessToken: token } = await login('registrar', 'flowchart', baseUrl);
    const { id } = (await call('/courses', { baseUrl, token, body: course(0) })).json as Course;
    for (let change = 1; !over; change++) {
      const path = `/courses/${id}`;
      const etag = (await call(path, { baseUrl })).headers.get('etag') ?? '';
      await call(path, {
        baseUrl,
        token,
        method: 'PUT',
        headers: { 'if-match': etag },
        body: course(change),
      });
      await sleep(CHANGE_EVERY_MS);
    }
    const finished = await run;
    expect([finished.code, finished.output]).toEqual([0, expect.stringContaining('OUTPUTS')]);
    await rm(reportFolder(finished), { recursive: true });
  }

  const course = (change: number) => ({
    code: 'CS797',
    title: `Dashboards, edition ${change}`,
    department: 'Computer Science',
    level: 'GRADUATE',
    credits: 3,
    description: 'What is worth looking at.',
    terms: ['SPRING'],
    prerequisites: [],
  });

  const panels = () =>
    snapshot.sections.flatMap(({ title, rows }) =>
      rows.flatMap((row) => row.panels.map((data) => ({ ...data, name: `${title}: ${data.panel.title}` }))),
    );

  it('ask for nothing that Prometheus refuses', () => {
    expect(panels().length).toBeGreaterThan(100);
    expect(panels().filter(({ failures }) => failures.length > 0)).toEqual([]);
  });

  it('have something to show for every expression', () => {
    const empty = panels().flatMap(({ name, panel, linesByQuery }) =>
      panel.elsewhere !== undefined
        ? []
        : panel.queries.filter((_, index) => linesByQuery[index] === 0).map(({ expr }) => `${name}: ${expr}`),
    );
    expect(empty).toEqual([]);
  });

  it('mark the stages of the load run', () => {
    const { marks } = snapshot.sections.find(({ id }) => id === 'flowchart-load-run') ?? {};
    expect(marks?.map(({ text }) => text)).toEqual(['stage 1: 4', 'stage 2: 8']);
  });
});
