// The built command line against a stand-in of the edge, in processes and threads of its own: what scripts hold on to.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunRecord } from './analysis/record.js';
import { folders } from './config.js';
import { readRecord } from './reports/run-folder.js';
import { folderOf, requireBuild, run, start } from './testing/command-line.js';
import { FakeEdge } from './testing/fake-edge.js';
import { sleep } from './testing/settled.js';

describe('load-runner', () => {
  let edge: FakeEdge;
  let files: string;
  const made: string[] = [];
  const profile = (name: string, more = '', users = 4): string => {
    const file = join(files, `${name}.yaml`);
    const journeys = 'journeys: { browse: 2, degrees: 1, student: 1 }';
    writeFileSync(
      file,
      `name: ${name}\nstages: [{ users: ${users}, hold: 2s }]\nthinkTime: 20ms\n${journeys}\n${more}`,
    );
    return file;
  };

  beforeAll(async () => {
    requireBuild();
    edge = await new FakeEdge().listen();
    files = mkdtempSync(join(tmpdir(), 'load-runner-cli-'));
  });
  afterAll(async () => {
    await edge.close();
    for (const folder of [files, ...made]) rmSync(folder, { recursive: true, force: true });
  });

  it('run passes, prints the summary to stdout, and leaves a folder of reports', async () => {
    const csv = join(files, 'csv');
    const ended = await run(
      ...[
        'run',
        profile('ok', 'thresholds: { checks: rate==1, http_req_failed: rate==0, http_reqs: count>50 }'),
        '--base-url',
        edge.url,
      ],
      ...[
        '--seed',
        '5',
        '--workers',
        '2',
        '--tag',
        'build=17',
        '--out',
        `json=${join(files, 'out.json')}`,
        '--out',
        `csv=${csv}`,
      ],
    );
    made.push(folderOf(ended));
    expect([ended.code, ended.err.includes('error')]).toEqual([0, false]);
    expect(ended.out).toContain('█ PASSED (exit code 0)');
    expect(ended.err).toContain('seed 5');
    expect(readdirSync(folderOf(ended))).toContain('report.html');
    expect(existsSync(`${csv}_stats_history.csv`)).toBe(true);
    expect(JSON.parse(readFileSync(join(files, 'out.json'), 'utf8'))).toMatchObject({
      seed: 5,
      tags: { build: '17' },
      generator: { workers: 2, valid: true },
      verdict: { exitCode: 0 },
    });
  });

  it('sends a trace context when asked, and lists the slowest requests with their traces', async () => {
    const carried = new Set<unknown>();
    edge.override = ({ headers }) => {
      carried.add(headers['traceparent']);
      return false;
    };
    const ended = await run(
      ...['run', profile('traced'), '--base-url', edge.url, '--workers', '2', '--trace-sample', '1'],
      ...['--trace-url', 'http://127.0.0.1:16686/trace/{traceId}'],
    );
    edge.override = () => false;
    made.push(folderOf(ended));
    const file = (name: string): string => readFileSync(join(folderOf(ended), name), 'utf8');
    const { slowest } = JSON.parse(file('run.json')) as RunRecord;
    expect([ended.code, slowest?.length]).toEqual([0, 20]);
    for (const { traceId } of slowest ?? []) {
      expect([...carried].filter((one) => String(one).startsWith(`00-${traceId}-`))).toHaveLength(1);
      expect(file('report.html')).toContain(`href="http://127.0.0.1:16686/trace/${traceId}"`);
    }
    expect(file('summary.md')).toContain('### Slowest requests');
  });

  it('report prints an earlier run again', async () => {
    const ended = await run('report', made[0] ?? '');
    expect([ended.code, ended.out.includes('█ PASSED')]).toEqual([0, true]);
  });

  it('run ends with 99 when a threshold failed, and says which', async () => {
    const ended = await run(
      'run',
      profile('slow', 'thresholds: { http_req_duration: p(95)<0.001 }'),
      '--base-url',
      edge.url,
      '-t',
      '1s',
    );
    made.push(folderOf(ended));
    expect(ended.code).toBe(99);
    expect(ended.out).toContain('http_req_duration p(95)<0.001: was ');
  });

  it('run ends with 99 when what was acknowledged is lost, although no threshold asks for it', async () => {
    edge.faults.losesPlans = true;
    const ended = await run(
      'run',
      profile('loses', 'students: 20'),
      '--base-url',
      edge.url,
      '--seed',
      '5',
      '--workers',
      '2',
    );
    edge.faults.losesPlans = false;
    made.push(folderOf(ended));
    expect(ended.out).toMatch(/Audit, acknowledged writes: \d+ violations?\. student\d+: /);
    expect(ended.code).toBe(99);
  });

  it.each([
    [
      'a bad profile, with its line',
      () => ['run', profile('bad', 'thresholds: { http_reqs: p(95)<5 }')],
      /bad\.yaml:5:\d+: thresholds\.http_reqs: "p\(95\)" does not fit a counter/,
    ],
    [
      'a threshold on an endpoint that is none',
      () => ['run', profile('tag', "thresholds: { 'http_reqs{name:lgin}': count>5 }")],
      /no endpoint is named "lgin"/,
    ],
    ['an unknown profile', () => ['run', 'smok'], /there is no profile "smok"/],
    ['--users 0', () => ['run', 'smoke', '--users', '0'], /whole number from 1/],
    ['a negative spawn rate', () => ['run', 'smoke', '--spawn-rate', '-5'], /number above 0/],
    ['nonsense for a time', () => ['run', 'smoke', '-t', 'soon'], /at least 1s/],
    ['an unknown output', () => ['run', 'smoke', '--out', 'graphite=http://x'], /json=FILE/],
    [
      'an output without an address',
      () => ['run', 'smoke', '--out', 'influxdb=localhost'],
      /influxdb=http:\/\/127\.0\.0\.1:8086\/k6/,
    ],
    ['a share above 1', () => ['run', 'smoke', '--trace-sample', '1.5'], /a share from 0 to 1/],
    ['a share that is none', () => ['run', 'smoke', '--trace-sample', 'all'], /a share from 0 to 1/],
    [
      'a trace address without an id in it',
      () => ['run', 'smoke', '--trace-sample', '1', '--trace-url', 'http://127.0.0.1/trace'],
      /http:\/\/ or https:\/\/ address with \{traceId\} in it/,
    ],
    [
      'a trace address that is a script',
      () => ['run', 'smoke', '--trace-sample', '1', '--trace-url', 'javascript:alert("{traceId}")'],
      /http:\/\/ or https:\/\/ address/,
    ],
    [
      'a trace address without traces',
      () => ['run', 'smoke', '--trace-url', 'http://127.0.0.1/trace/{traceId}'],
      /requests only have with --trace-sample/,
    ],
    [
      'a trace context in a flood',
      () => ['run', profile('flood', 'model: flood'), '--trace-sample', '1'],
      /profile flood is a flood/,
    ],
    ['an unknown option', () => ['run', 'smoke', '--frobnicate'], /unknown option/],
    [
      'an address that is none',
      () => ['run', 'smoke', '--base-url', 'localhost:9000'],
      /not an http:\/\/ address/,
    ],
    [
      'a machine that may be a target with a port of its own',
      () => ['ui', '--allow-host', 'staging:9000'],
      /name or address of a machine alone/,
    ],
    ['a folder without a run', () => ['report', tmpdir()], /run\.json cannot be read/],
  ])('refuses %s with 104, before any request', async (_name, args, message) => {
    edge.seen.length = 0;
    const ended = await start(args(), { BASE_URL: edge.url }).ended;
    expect(ended.err).toMatch(message);
    expect([ended.code, edge.seen]).toEqual([104, []]);
  });

  it('ends with 122 when what answers is no Degree Flowchart', async () => {
    edge.override = (request, response) => {
      if (request.url?.startsWith('/actuator')) return false;
      response.writeHead(404).end('nothing here');
      return true;
    };
    const ended = await run('run', profile('lost'), '--base-url', edge.url);
    edge.override = () => false;
    expect([ended.code, ended.err]).toEqual([
      122,
      expect.stringContaining('/courses?limit=100 answered 404'),
    ]);
  });

  it('when interrupted waits for answers under way, reports what there is, and ends with 105', async () => {
    const wanted = profile('long', 'audit: false\ngracefulStop: 500ms');
    const { child, ended, output } = start(['run', wanted, '-t', '60s', '--base-url', edge.url]);
    while (!output().includes('seed')) await sleep(20);
    edge.delayMs = 100;
    await sleep(800);
    let never = 0;
    edge.override = () => edge.seen.length % 3 === 0 && ++never > 0;
    while (never < 2) await sleep(20);
    child.kill('SIGINT');
    const result = await ended;
    [edge.delayMs, edge.override] = [0, () => false];
    made.push(folderOf(result));
    expect([result.code, result.out.includes('█ INTERRUPTED (exit code 105)')]).toEqual([105, true]);
    const record = readRecord(folderOf(result));
    expect(record.verdict.outcome).toBe('interrupted');
    expect(record.total.requests).toBeGreaterThan(4);
    expect(record.metrics['http_req_failed']?.values['rate']).toBe(0);
    expect(record.metrics['http_req_censored']?.values['count']).toBe(never);
  });

  it('repeats a run, each with a folder and numbered copies of its own', async () => {
    const ended = await run(
      'run',
      profile('twice'),
      '-t',
      '1s',
      '--repeat',
      '2',
      '--out',
      `json=${join(files, 'twice.json')}`,
      '--base-url',
      edge.url,
    );
    made.push(...[...ended.out.matchAll(/Report: (.*)\/report\.html/g)].map((match) => match[1] ?? ''));
    expect(ended.code).toBe(0);
    expect([existsSync(join(files, 'twice-1.json')), existsSync(join(files, 'twice-2.json'))]).toEqual([
      true,
      true,
    ]);
  });

  it('ui: takes Locust’s calls, shows a run, and names the variable when its port is taken', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const port = String((probe.address() as AddressInfo).port);
    const taken = await start(['ui'], { LOAD_RUNNER_PORT: port }).ended;
    expect([taken.code, taken.err]).toEqual([
      104,
      expect.stringContaining(`port ${port} is taken; free it or set LOAD_RUNNER_PORT`),
    ]);
    await new Promise((resolve) => probe.close(resolve));

    const ui = start(['ui', '--base-url', edge.url], { LOAD_RUNNER_PORT: port });
    while (!ui.output().includes(port)) await sleep(50);
    const url = `http://127.0.0.1:${port}`;
    const form = new URLSearchParams({ profile: 'smoke', user_count: '5', run_time: '2s' });
    expect(await (await fetch(`${url}/swarm`, { method: 'POST', body: form })).json()).toMatchObject({
      success: true,
    });
    interface Stats {
      state: string;
      stats: { num_requests: number }[];
    }
    let stats: Stats = { state: '', stats: [] };
    const states = new Set<string>();
    for (let count = 0; count < 100 && stats.state !== 'stopped'; count++) {
      stats = (await (await fetch(`${url}/stats/requests`)).json()) as Stats;
      states.add(stats.state);
      await sleep(100);
    }
    expect([...states]).toEqual(expect.arrayContaining(['running', 'stopped']));
    expect(stats.stats.reduce((sum, one) => sum + one.num_requests, 0)).toBeGreaterThan(0);
    const first = await (await fetch(`${url}/events`)).body?.getReader().read();
    const event = JSON.parse(new TextDecoder().decode(first?.value).replace(/^data: /, '')) as {
      status: { report: { id: string } };
    };
    const report = await fetch(`${url}/reports/${event.status.report.id}/report.html`);
    expect([report.status, (await report.text()).includes('Load test smoke')]).toEqual([200, true]);
    made.push(join(folders.results, event.status.report.id));
    ui.child.kill('SIGTERM');
    expect((await ui.ended).code).toBe(0);
  });
});
