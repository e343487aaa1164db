/** A service is killed under load: the right people are told, once it is sure, and told again when it is over. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@flowchart/infra';
import {
  monitoringPorts,
  readMonitoringConfig,
  startMonitoring,
  type RunningMonitoring,
} from '@flowchart/monitoring';
import { writeDrillFiles } from './drill-files.js';
import { call, login } from './edge-client.js';
import { startTestStack, type TestStack } from './test-stack.js';

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Notice {
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly alert: Alert;
}

const VICTIM = 'student-service';
const WITHIN_MS = 30_000;
const USERS = 4;
const THINK_MS = 20;

describe('an alert drill', () => {
  const notices: Notice[] = [];
  let receiver: Server;
  let own: TestStack;
  let monitoring: RunningMonitoring;
  let prometheusUrl: string;
  let alertmanagerUrl: string;

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      void json(request).then((body) => {
        const { alerts } = body as { alerts: (Alert & { status: Notice['status'] })[] };
        const name = request.url?.slice(1) ?? '';
        notices.push(...alerts.map((alert) => ({ receiver: name, status: alert.status, alert })));
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    own = await startTestStack({ env: { RATE_LIMIT_USER_PER_SECOND: '0' } });
    await startOwnMonitoring();
  }, 180_000);

  afterAll(async () => {
    await monitoring?.stop();
    await own?.stop();
    receiver?.close();
  }, 60_000);

  async function startOwnMonitoring(): Promise<void> {
    const names = Object.values(monitoringPorts);
    const ports = await Promise.all(
      names.map(async ({ variable }) => [variable, String(await freePort())] as const),
    );
    const config = readMonitoringConfig({ ...own.env, ...Object.fromEntries(ports) });
    const files = join(own.env['INFRA_DIR'] ?? '', 'drill');
    await writeDrillFiles(files, `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`);
    const say = (line: string): boolean => process.stderr.write(`${line}\n`);
    monitoring = await startMonitoring({ config, say, files, only: ['alertmanager', 'prometheus'] });
    expect(monitoring.parts.map(({ name }) => name)).toEqual(['alertmanager', 'prometheus']);
    prometheusUrl = `http://127.0.0.1:${config.ports.prometheus}`;
    alertmanagerUrl = `http://127.0.0.1:${config.ports.alertmanager}`;
  }

  /** State of an alert in Prometheus; undefined while it has none. */
  async function stateOf(alertname: string, service: string): Promise<string | undefined> {
    const answer = await fetch(`${prometheusUrl}/api/v1/alerts`);
    const { data } = (await answer.json()) as { data: { alerts: (Alert & { state: string })[] } };
    return data.alerts.find(
      ({ labels }) => labels['alertname'] === alertname && labels['service'] === service,
    )?.state;
  }

  /** State of an alert in Alertmanager. */
  async function deliveryOf(alertname: string): Promise<string | undefined> {
    const answer = await fetch(`${alertmanagerUrl}/api/v2/alerts`);
    const alerts = (await answer.json()) as (Alert & { status: { state: string } })[];
    return alerts.find(({ labels }) => labels['alertname'] === alertname)?.status.state;
  }

  async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
    const deadlineMs = Date.now() + WITHIN_MS;
    while (!(await holds())) {
      if (Date.now() > deadlineMs) throw new Error(`${what}: not within ${WITHIN_MS} ms`);
      await sleep(100);
    }
  }

  const told = (to: string, status: Notice['status'], alertname: string): Notice | undefined =>
    notices.find(
      (notice) =>
        notice.receiver === to && notice.status === status && notice.alert.labels['alertname'] === alertname,
    );

  async function healthy(): Promise<boolean> {
    const answer = await fetch(
      `${prometheusUrl}/api/v1/query?query=${encodeURIComponent('sum(up{job="services"})')}`,
    );
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    return data.result[0]?.value[1] === '4';
  }

  it('goes from pending to firing to received, and is resolved after the restart', async () => {
    const baseUrl = own.edges[0] ?? '';
    const { accessToken: token } = await login('student1', 'flowchart', baseUrl);
    const cached: number[] = [];
    let over = false;
    const load = Promise.all(
      Array.from({ length: USERS }, async () => {
        while (!over) {
          cached.push((await call('/courses', { baseUrl })).status);
          await call('/students/me', { baseUrl, token });
          await sleep(THINK_MS);
        }
      }),
    );
    try {
      await until('four services are scraped', healthy);
      expect(notices).toEqual([]);

      await own.stack.kill(VICTIM);
      await until('pending', async () => (await stateOf('ServiceDown', VICTIM)) === 'pending');
      expect(notices).toEqual([]);
      await until('firing', async () => (await stateOf('ServiceDown', VICTIM)) === 'firing');
      await until('received', () => told('pagerduty', 'firing', 'ServiceDown') !== undefined);
      await until('budget burns', () => told('pagerduty', 'firing', 'AvailabilityBurnFast') !== undefined);
      // The edge has opened its circuit to the dead: that is known, so nobody is told.
      await until('inhibited', async () => (await deliveryOf('CircuitOpen')) === 'suppressed');

      await own.stack.restart(VICTIM);
      await until('resolved', () => told('pagerduty', 'resolved', 'ServiceDown') !== undefined);
    } finally {
      over = true;
      await load;
    }
    const { alert } = told('pagerduty', 'firing', 'ServiceDown') ?? {};
    expect(alert?.labels).toMatchObject({ service: VICTIM, severity: 'page' });
    expect(alert?.annotations['summary']).toMatch(/^student-service at 127\.0\.0\.1:\d+ does not answer/);
    expect(alert?.annotations['runbook_url']).toBe('docs/troubleshooting.md#service-down');
    // Nobody else was said to be down, and what is cached never was.
    const down = notices.filter((notice) => notice.alert.labels['alertname'] === 'ServiceDown');
    expect(new Set(down.map((notice) => notice.alert.labels['service']))).toEqual(new Set([VICTIM]));
    expect(new Set(cached)).toEqual(new Set([200]));
    expect(told('chat', 'firing', 'CircuitOpen')).toBeUndefined();
  }, 120_000);
});
