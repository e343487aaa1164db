// The files of a run: what other tools read of them must stay as it is.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { analyse } from '../analysis/analyse.js';
import { play, profile, whole } from '../testing/generators.js';
import { measurementOf, testMachine } from '../testing/run-records.js';
import { step } from '../testing/settled.js';
import { TruthServer } from '../testing/truth-server.js';
import { endpoint } from '../users/endpoint.js';
import { consoleSummary } from './console-summary.js';
import { chartData } from './html/chart-data.js';
import { htmlReport } from './html/report.js';
import { junit } from './junit.js';
import { k6Summary } from './k6-summary.js';
import { locustExceptions, locustFailures, locustHistory, locustStats } from './locust-csv.js';
import { markdown, table } from './markdown.js';
import { Progress } from './progress.js';
import { claimExtra, claimFolder, readRun, runId, writeExtra, writeRun } from './run-folder.js';
import type { Second } from '../engine/timeline.js';
import type { Run } from './run.js';
import { readLines, timeseries } from './timeseries.js';

/** A short real run: two endpoints, one of which answers 503 every fourth time with a reason that means harm. */
async function realRun(): Promise<Run> {
  const server = await new TruthServer((request, answer) =>
    setTimeout(
      () => answer('{}', { status: request.path === '/degrees' && request.index % 4 === 0 ? 503 : 200 }),
      2,
    ),
  ).listen();
  const wanted = profile({
    name: 'golden',
    description: '<script>alert(1)</script>',
    stages: [{ level: 4, rampMs: 0, holdMs: 1100 }],
    thinkTime: { distribution: 'constant', valueMs: 10 },
    thresholds: {
      'http_req_duration{name:listCourses}': ['p(95)<500', 'p(95)<0.001'].map(whole),
      http_reqs: [whole('count>0')],
    },
  });
  const timeline = await play(server.url, wanted, {
    journey: function* () {
      yield step();
      yield step({ endpoint: endpoint('listDegrees'), path: '/degrees' });
    },
  }).done;
  await server.kill();
  const measurement = measurementOf(timeline, wanted, {
    startedAt: new Date('2026-01-02T03:04:05Z'),
    measuredMs: 1100,
  });
  const circumstances = {
    id: 'golden',
    tags: { build: '17' },
    git: { revision: 'abcdef0123456789', dirty: true },
    machine: testMachine,
  };
  return { record: analyse(measurement, circumstances), seconds: timeline.seconds, system: [] };
}

describe('the reports of a run', () => {
  let run: Run;
  let folder: string;
  beforeAll(async () => {
    run = await realRun();
    folder = mkdtempSync(join(tmpdir(), 'load-runner-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('run.json and timeseries.ndjson hold everything that the others are made from', () => {
    writeRun(folder, run);
    const again = readRun(folder);
    expect(again.record).toEqual(JSON.parse(JSON.stringify(run.record)));
    for (const report of [
      consoleSummary,
      k6Summary,
      locustStats,
      locustHistory,
      markdown,
      junit,
      htmlReport,
    ]) {
      expect(report(again)).toBe(report(run));
    }
    expect(readdirSync(folder).sort()).toEqual([
      'junit.xml',
      'locust_exceptions.csv',
      'locust_failures.csv',
      'locust_stats.csv',
      'locust_stats_history.csv',
      'report.html',
      'run.json',
      'summary.json',
      'summary.md',
      'system.ndjson',
      'timeseries.ndjson',
    ]);
  });

  it('refuse a folder that is not one of a run', () => {
    expect(() => readRun(join(folder, 'nowhere'))).toThrow(
      /run\.json cannot be read; give the folder of a run/,
    );
  });

  it.each([
    ['run.json', 'null', /run\.json is not a record of format 2/],
    ['run.json', '{"format": 2', /run\.json is not JSON/],
    ['timeseries.ndjson', '{"second":', /timeseries\.ndjson has a line that is not JSON/],
    ['system.ndjson', '{"second":', /system\.ndjson has a line that is not JSON/],
  ])('refuse a folder whose %s is %s', (name, text, complaint) => {
    const broken = join(folder, 'broken');
    writeRun(broken, run);
    writeFileSync(join(broken, name), text);
    expect(() => readRun(broken)).toThrow(complaint);
    rmSync(broken, { recursive: true });
  });

  it('summary.json has the shape of k6’s handleSummary', () => {
    const summary = JSON.parse(k6Summary(run)) as Record<string, never>;
    expect(Object.keys(summary)).toEqual(['root_group', 'options', 'state', 'metrics', 'setup_data']);
    expect(summary).toMatchObject({
      root_group: { name: '', path: '', id: 'd41d8cd98f00b204e9800998ecf8427e', groups: [] },
      options: { summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)'] },
      state: { testRunDurationMs: 1100 },
      metrics: {
        http_reqs: {
          type: 'counter',
          contains: 'default',
          values: { count: run.record.total.requests },
          thresholds: { 'count>0': { ok: true } },
        },
        http_req_failed: { type: 'rate', values: { passes: run.record.total.failed } },
        vus: { type: 'gauge', values: { value: 4, min: 4, max: 4 } },
        'http_req_duration{name:listCourses}': {
          type: 'trend',
          contains: 'time',
          thresholds: { 'p(95)<500': { ok: true }, 'p(95)<0.001': { ok: false } },
        },
      },
    });
  });

  it('Locust’s CSV files have Locust’s columns', () => {
    const percentiles = '50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%';
    const head = (text: string) => text.split('\n')[0];
    expect(head(locustStats(run))).toBe(
      `Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,${percentiles}`,
    );
    expect(head(locustHistory(run))).toBe(
      `Timestamp,User Count,Type,Name,Requests/s,Failures/s,${percentiles},Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,Total Average Content Size`,
    );
    expect(head(locustFailures(run))).toBe('Method,Name,Error,Occurrences,First Seen,Last Seen');
    expect(locustExceptions()).toBe('Count,Message,Traceback,Nodes\n');
    const rows = locustStats(run)
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(','));
    expect(rows.map((row) => row.slice(0, 3))).toEqual([
      ['GET', '/courses', String(run.record.endpoints[0]?.requests)],
      ['GET', '/degrees', String(run.record.endpoints[1]?.requests)],
      ['', 'Aggregated', String(run.record.total.requests)],
    ]);
    expect(rows.every((row) => row.length === 22)).toBe(true);
    expect(locustFailures(run)).toMatch(
      /^GET,\/degrees,status 503,\d+,2026-01-02T03:04:05.000Z,2026-01-02T03:04:0/m,
    );
  });

  it('the time series has a line for each second, with a histogram that can be merged', () => {
    const lines = readLines<Second>(timeseries(run));
    expect(lines).toHaveLength(run.seconds.length);
    expect(lines[0]).toMatchObject({
      time: '2026-01-02T03:04:05.000Z',
      run: 'golden',
      tags: { build: '17' },
      second: 0,
      users: 4,
    });
    expect(lines.reduce((sum, line) => sum + line.requests, 0)).toBe(run.record.total.requests);
    expect(lines[0]?.hdr).toMatch(/^HIST/);
  });

  it('the console summary has every figure that k6’s has', () => {
    const text = consoleSummary(run);
    for (const name of [
      'checks',
      'data_received',
      'data_sent',
      'http_req_blocked',
      'http_req_connecting',
      'http_req_duration',
      'http_req_failed',
      'http_req_receiving',
      'http_req_sending',
      'http_req_waiting',
      'http_reqs',
      'iteration_duration',
      'iterations',
      'vus',
      'vus_max',
    ]) {
      expect(text).toMatch(new RegExp(`^     ${name}\\.+: \\d|^     ${name}\\.+: avg=`, 'm'));
    }
    expect(text).toMatch(
      /http_req_duration\.+: avg=\S+ +min=\S+ +med=\S+ +max=\S+ +p\(90\)=\S+ +p\(95\)=\S+/,
    );
    expect(text).toMatch(/\{ expected_response:true \}\.+: avg=/);
    expect(text).toContain('✗ http_req_duration{name:listCourses} p(95)<0.001: was ');
    expect(text).toContain('█ FAILED (exit code 99)');
  });

  it('summary.md is ready for a pull request', () => {
    const text = markdown(run);
    expect(text).toContain('## Load test `golden`: ❌ failed');
    expect(text).toMatch(/\| `GET \/degrees` \| status 503 \| \d+ \|/);
    expect(text).toContain('revision abcdef012345 with local changes');
  });

  it('a text in a table of summary.md stays in its cell, whatever is in it', () => {
    expect(table(['a', 'b'], [['one|two', 'first line\r\n  second']])).toBe(
      '| a | b |\n| --- | ---: |\n| one\\|two | first line second |',
    );
  });

  it('junit.xml has a case for each threshold', () => {
    const xml = junit(run);
    expect(xml).toContain('<testsuites tests="4" failures="1"');
    expect(xml).toContain('name="http_req_duration{name:listCourses} p(95)&lt;0.001"');
  });

  it('report.html needs no network, says the verdict first, and cannot be broken by what it shows', () => {
    const page = htmlReport(run);
    expect(page).not.toMatch(/<(script|link|img)[^>]+(src|href)="(?!data:)/);
    expect(page).not.toContain('@import');
    expect(page).not.toContain('<script>alert(1)');
    expect(page).toContain('&lt;script&gt;alert(1)');
    const main = page.slice(page.indexOf('<main>'));
    const order = [
      'class="card verdict failed"',
      'Generator health',
      'Thresholds',
      'Over time',
      'Endpoints',
      'Failures',
      'Configuration',
    ];
    const places = order.map((text) => main.indexOf(text));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
  });

  it('draws a column of equal length for each line of each chart', () => {
    const data = chartData({
      ...run,
      system: [{ second: 0, values: { 'edge-gateway.cpu': 0.5, 'redis.ops': 7 } }],
    });
    const length = (data['second'] as number[]).length;
    expect(length).toBeGreaterThan(0);
    for (const column of ['users', 'requests', 'offered', 'p95Ms', 'responseP95Ms', 'loopDelayP99Ms']) {
      expect(data[column]).toHaveLength(length);
    }
    expect(Object.keys(data.endpoints)).toEqual(run.record.endpoints.map(({ name }) => name));
    expect(data.system).toEqual([
      { title: 'CPU of each part, cores', unit: 'cores', series: [{ label: 'edge-gateway', values: [0.5] }] },
      { title: 'Redis: commands', unit: 'perSecond', series: [{ label: 'redis', values: [7] }] },
    ]);
  });

  it('draws spectra that never fall, response time at or above service time', () => {
    const { x, service, response } = chartData(run).spectrum;
    expect(x.length).toBeGreaterThan(5);
    expect([...service].sort((a, b) => a - b)).toEqual(service);
    expect(service.every((ms, index) => (response[index] ?? 0) >= ms * 0.999)).toBe(true);
    expect(service.at(-1)).toBeCloseTo(run.record.total.latency.maxMs, 0);
  });

  it('copies go where --out and --html say', () => {
    const files = writeExtra({ kind: 'csv', path: join(folder, 'deep', 'mine') }, run);
    expect(files.map((file) => file.slice(folder.length))).toEqual([
      '/deep/mine_stats.csv',
      '/deep/mine_stats_history.csv',
      '/deep/mine_failures.csv',
      '/deep/mine_exceptions.csv',
    ]);
    writeExtra({ kind: 'json', path: join(folder, 'mine.json') }, run);
    expect(JSON.parse(readFileSync(join(folder, 'mine.json'), 'utf8'))).toMatchObject({ format: 2, seed: 1 });
  });

  it('have their place before there is anything to write, or say that there is none', () => {
    claimExtra({ kind: 'html', path: join(folder, 'claimed', 'mine.html') });
    expect(existsSync(join(folder, 'claimed'))).toBe(true);
    expect(() => claimExtra({ kind: 'json', path: folder })).toThrow('is a folder; name a file');
    writeFileSync(join(folder, 'file'), '');
    expect(() => claimFolder(join(folder, 'file'))).toThrow(/nothing can be written to .*\/file \(EEXIST\)/);
    expect(() => claimFolder(join(folder, 'file', 'deeper'))).toThrow(/\(ENOTDIR\)/);
  });

  it('are in a folder whose name sorts by time', () => {
    expect(runId(new Date('2026-01-02T03:04:05.678Z'), 'spike')).toBe('2026-01-02T03-04-05-spike');
  });
});

describe('the progress line', () => {
  const second = (number: number) => ({
    second: number,
    users: 4,
    requests: 10,
    failed: 1,
    p50Ms: 2,
    p95Ms: 9,
    warmup: number === 0,
  });
  const shown = (isTTY: boolean): string => {
    let text = '';
    const progress = new Progress({ isTTY, write: (more: string) => (text += more) }, 60_000);
    for (let number = 0; number < 20; number++)
      progress.show(second(number) as Parameters<Progress['show']>[0]);
    return text;
  };

  it('is rewritten in place on a terminal', () => {
    expect(shown(true).split('\r')).toHaveLength(21);
    expect(shown(true)).not.toContain('\n');
  });
  it('says what companions of the run are at', () => {
    let text = '';
    const progress = new Progress({ write: (more: string) => (text += more) }, 60_000);
    progress.show(second(9) as Parameters<Progress['show']>[0], ['bisecting 400 to 800/s: now 566/s']);
    expect(text).toMatch(/ · failed 10\.00% · bisecting 400 to 800\/s: now 566\/s\n$/);
  });
  it('is a new line every ten seconds elsewhere', () => {
    expect(shown(false)).toBe(
      'running 10s / 1m00s · 4 users · 10 req/s · p50 2ms · p95 9ms · failed 10.00%\n' +
        'running 20s / 1m00s · 4 users · 10 req/s · p50 2ms · p95 9ms · failed 10.00%\n',
    );
  });
});
