// The built command line with a real InfluxDB and a real Prometheus: what they say afterwards must be what the run's record says.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@flowchart/infra';
import { startTestInfluxdb, startTestPrometheus, type TestServer } from '@flowchart/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunRecord } from '../analysis/record.js';
import type { Second } from '../engine/timeline.js';
import { readLines } from '../reports/timeseries.js';
import { folderOf, requireBuild, run as loadRunner } from '../testing/command-line.js';
import { FakeEdge } from '../testing/fake-edge.js';
import { InfluxdbOutput } from './influxdb/influxdb-output.js';

/** A tag with everything that line protocol, text format and protobuf have to get right. */
const note = 'room 1, "north"=ü';

interface Ended {
  readonly code: number | null;
  readonly text: string;
  readonly record: RunRecord;
  readonly seconds: readonly Second[];
}

type Row = Record<string, string | number>;

describe('the outputs of a run', () => {
  let edge: FakeEdge;
  let influxdb: TestServer;
  let prometheus: TestServer;
  let metricsPort: number;
  let files: string;

  beforeAll(async () => {
    requireBuild();
    files = mkdtempSync(join(tmpdir(), 'load-runner-outputs-'));
    edge = await new FakeEdge().listen();
    // Some answers fail, so that failures have to be told, too.
    let asked = 0;
    edge.override = (request, response) => {
      if (!request.url?.endsWith('/constraints') || asked++ % 2 === 0) return false;
      response.writeHead(503, { 'content-length': 0 }).end();
      return true;
    };
    metricsPort = await freePort();
    influxdb = await startTestInfluxdb();
    prometheus = await startTestPrometheus([`127.0.0.1:${metricsPort}`]);
  }, 240_000);
  afterAll(async () => {
    await Promise.all([edge?.close(), influxdb?.stop(), prometheus?.stop()]);
    rmSync(files, { recursive: true, force: true });
  });

  async function run(outs: readonly string[]): Promise<Ended> {
    const profile = join(files, 'outputs.yaml');
    writeFileSync(
      profile,
      'name: outputs\nstages: [{ users: 8, hold: 5s }]\nthinkTime: 20ms\njourneys: { browse: 2, degrees: 1, student: 1 }\n',
    );
    const json = ['json', 'ndjson'].flatMap((kind) => ['--out', `${kind}=${join(files, `run.${kind}`)}`]);
    const args = ['run', profile, '--base-url', edge.url, '--workers', '2', '--tag', `note=${note}`];
    const ended = await loadRunner(...args, ...json, ...outs.flatMap((out) => ['--out', out]));
    const text = ended.out + ended.err;
    const folder = folderOf(ended);
    if (!existsSync(folder)) throw new Error(`no report:\n${text}`);
    rmSync(folder, { recursive: true, force: true });
    const read = (kind: string) => readFileSync(join(files, `run.${kind}`), 'utf8');
    return { code: ended.code, text, record: JSON.parse(read('json')), seconds: readLines(read('ndjson')) };
  }

  /** The rows of an InfluxQL query, tags of its groups included. */
  async function influxQl(database: string, query: string): Promise<Row[]> {
    const parameters = new URLSearchParams({ db: database, epoch: 'ms', q: query });
    const answer = (await (await fetch(`${influxdb.url}/query?${parameters.toString()}`)).json()) as {
      results: { series?: { tags?: Row; columns: string[]; values: (string | number)[][] }[] }[];
    };
    return (answer.results[0]?.series ?? []).flatMap(({ tags = {}, columns, values }) =>
      values.map((row) => ({
        ...tags,
        ...Object.fromEntries(columns.map((column, index) => [column, row[index] ?? ''])),
      })),
    );
  }

  async function promQl(query: string): Promise<{ metric: Record<string, string>; value: number }[]> {
    const answer = (await (
      await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`)
    ).json()) as { data: { result: { metric: Record<string, string>; value: [number, string] }[] } };
    return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  it('agree with its record, in InfluxDB and in Prometheus', async () => {
    const { code, text, record, seconds } = await run([
      `influxdb=${influxdb.url}/load%20results`,
      `prometheus=${metricsPort}`,
      `prometheus-rw=${prometheus.url}/api/v1/write`,
    ]);
    expect([code, text]).toEqual([0, expect.stringContaining('OUTPUTS')]);
    expect(record.outputs?.map(({ kind, dropped, trouble }) => [kind, dropped, trouble])).toEqual([
      ['influxdb', 0, null],
      ['prometheus', 0, null],
      ['prometheus-rw', 0, null],
    ]);
    expect(record.total.failed).toBeGreaterThan(5);

    const database = 'load results';
    const counts = await influxQl(
      database,
      `SELECT sum("count") AS "sum" FROM http_reqs WHERE "note" = '${note}' GROUP BY "name"`,
    );
    expect(Object.fromEntries(counts.map((row) => [row['name'], row['sum']]))).toEqual(
      Object.fromEntries(record.endpoints.map(({ name, requests }) => [name, requests])),
    );
    const byStatus = await influxQl(
      database,
      'SELECT sum("value") AS "sum" FROM http_reqs GROUP BY "status"',
    );
    expect(byStatus.find((row) => row['status'] === '5xx')?.['sum']).toBe(record.total.failed);

    const p95s = await influxQl(
      database,
      `SELECT "p95", "count" FROM http_req_duration WHERE "name" = 'listDegrees'`,
    );
    expect(p95s.map((row) => Number(row['p95']).toFixed(3))).toEqual(
      seconds.flatMap(({ endpoints }) => endpoints['listDegrees']?.p95Ms.toFixed(3) ?? []),
    );
    const tags = await influxQl(
      database,
      'SHOW TAG VALUES FROM "vus" WITH KEY IN ("run", "profile", "note")',
    );
    expect(tags.map((row) => [row['key'], row['value']]).sort()).toEqual(
      [
        ['note', note],
        ['profile', 'outputs'],
        ['run', record.id],
      ].sort(),
    );

    const written = await promQl('sum by (name) (lr_http_requests_total{job=""})');
    expect(Object.fromEntries(written.map(({ metric, value }) => [metric['name'], value]))).toEqual(
      Object.fromEntries(record.endpoints.map(({ name, requests }) => [name, requests])),
    );
    const [p95] = await promQl(
      'histogram_quantile(0.95, sum by (le) (lr_http_request_duration_seconds_bucket{job=""}))',
    );
    expect(p95?.value).toBeGreaterThan(0);
    expect(p95?.value).toBeLessThan(Math.max(0.01, (record.total.latency.p95Ms / 1000) * 3));

    // The last scrape lies up to a second, and a second's reporting, before the end.
    const [scraped] = await promQl(
      'sum(max_over_time(lr_http_requests_total{job="test", note=~"room 1.*ü"}[1m]))',
    );
    expect(scraped?.value).toBeGreaterThan(record.total.requests * 0.3);
    expect(scraped?.value).toBeLessThanOrEqual(record.total.requests);
  }, 60_000);

  it('take the series of the system under test, and nothing that is no number', async () => {
    const output = new InfluxdbOutput({
      url: `${influxdb.url}/system`,
      tags: { run: 'one' },
      say: () => undefined,
    });
    const values = { 'edge-gateway.cpu': 0.5, 'redis.hit rate': 0.25, broken: NaN };
    await output.system(
      [0, 1].map((second) => ({ second, values })),
      new Date(1_700_000_000_000),
    );
    const rows = await influxQl('system', 'SELECT * FROM "system"');
    expect(
      rows.map((row) => [row['time'], row['edge-gateway.cpu'], row['redis.hit rate'], row['run']]),
    ).toEqual([
      [1_700_000_000_000, 0.5, 0.25, 'one'],
      [1_700_000_001_000, 0.5, 0.25, 'one'],
    ]);
  });

  it('never harm the run when the other system is away: it is told once, and in the summary', async () => {
    const { code, text, record, seconds } = await run([`influxdb=http://127.0.0.1:${await freePort()}`]);
    expect(code).toBe(0);
    expect(text.match(/does not take the figures/g)).toHaveLength(1);
    expect(record.outputs?.[0]).toMatchObject({
      delivered: 0,
      dropped: seconds.length,
      trouble: expect.stringContaining('ECONNREFUSED'),
    });
  }, 60_000);
});
