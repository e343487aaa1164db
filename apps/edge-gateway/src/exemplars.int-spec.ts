import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startTestPrometheus, testRedisUrl, type TestServer } from '@flowchart/testing';
import { startEdge, type TestEdge } from './testing/test-edge.js';
import { TestOrigin } from './testing/test-origin.js';

const page = '/actuator/prometheus';
const course = '/courses/code/CS101';
const plan = '/students/me/plan';
const traceOf = { [course]: 'c'.repeat(32), [plan]: 'd'.repeat(32) };

interface Answer<T> {
  readonly data: T;
}
interface Exemplars {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

describe('a Prometheus that scrapes an edge with traces', () => {
  let origin: TestOrigin;
  let edge: TestEdge;
  let prometheus: TestServer;

  beforeAll(async () => {
    origin = await TestOrigin.start();
    origin.on(`GET ${course}`, { body: { code: 'CS101' }, headers: { 'surrogate-key': 'course:CS101' } });
    origin.on(`GET ${plan}`, { body: { version: 3 } });
    // Nobody takes the spans: it is for the metrics to name them.
    const tracing = {
      url: 'http://127.0.0.1:1/v1/traces',
      sampling: { parentBased: true, rootShare: 0 },
    };
    edge = await startEdge(origin, await testRedisUrl(), {}, {}, { logLevel: 'silent', tracing });
    prometheus = await startTestPrometheus([new URL(edge.url).host], page);
  }, 120_000);
  afterAll(async () => {
    await prometheus?.stop();
    await edge.stop();
    await origin.kill();
  });

  async function ask<T>(question: string): Promise<T> {
    const answer = await fetch(`${prometheus.url}/api/v1/${question}`);
    return ((await answer.json()) as Answer<T>).data;
  }
  const count = async (name: string) =>
    (await ask<{ result: unknown[] }>(`query?query=${encodeURIComponent(name)}`)).result.length;

  it('goes from a bucket to a trace that is in it, of answers from memory and from behind', async () => {
    const authorization = await edge.logIn('student1');
    await edge.fetch(course);
    for (const path of [course, plan] as const)
      await edge.fetch(path, {
        headers: { authorization, traceparent: `00-${traceOf[path]}-${'e'.repeat(16)}-01` },
      });
    const nowSeconds = Math.floor(Date.now() / 1000);
    const shown = () =>
      ask<Exemplars[]>(
        `query_exemplars?query=http_server_requests_seconds_bucket&start=${nowSeconds - 60}&end=${nowSeconds + 60}`,
      );
    await eventually(async () => (await shown()).length >= 2, 20_000);
    const traces = (await shown()).map(({ seriesLabels, exemplars }) => [
      seriesLabels['uri'],
      exemplars.map(({ labels }) => labels['trace_id']),
    ]);
    expect(Object.fromEntries(traces)).toEqual({
      '/courses/code/{code}': [traceOf[course]],
      '/students/me/plan': [traceOf[plan]],
    });
  }, 30_000);

  it('finds everything else under the name that it has without', async () => {
    const names = async (accept: string) => {
      const answer = await edge.fetch(page, { headers: { accept } });
      const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      const series = lines.map((line) => line.replace(/ # .*/, '').replace(/ \S+$/, ''));
      return { type: answer.headers.get('content-type'), series: new Set(series) };
    };
    const plain = await names('text/plain');
    const open = await names('application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3');
    expect(plain.type).toContain('text/plain');
    expect(open.type).toContain('application/openmetrics-text');
    expect([...open.series].sort()).toEqual([...plain.series].sort());
    for (const name of ['cache_gets_total', 'process_cpu_seconds_total', 'edge_inflight', 'up == 1'])
      expect([name, await count(name)]).not.toEqual([name, 0]);
  });
});
