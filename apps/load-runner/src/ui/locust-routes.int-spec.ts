// A script written for Locust drives a real run: what it posts, polls and downloads, with Locust's own names.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBuiltUi, type BuiltUi } from '../testing/built-ui.js';
import { sleep } from '../testing/settled.js';

interface Stats {
  readonly state: string;
  readonly user_count: number;
  readonly stats: readonly Record<string, number | string>[];
  readonly errors: readonly Record<string, number | string>[];
  readonly fail_ratio: number;
}

describe('a script written for Locust', () => {
  let ui: BuiltUi;
  beforeAll(async () => (ui = await startBuiltUi()));
  afterAll(() => ui.close());

  const get = (path: string) => fetch(ui.url + path);
  const text = async (path: string) => (await get(path)).text();
  const stats = async () => (await (await get('/stats/requests')).json()) as Stats;
  const swarm = async (fields: Record<string, string>) => {
    const response = await fetch(`${ui.url}/swarm`, { method: 'POST', body: new URLSearchParams(fields) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const until = async (holds: (now: Stats) => boolean): Promise<Stats> => {
    for (;;) {
      const now = await stats();
      if (holds(now)) return now;
      await sleep(100);
    }
  };
  const all = (now: Stats) => now.stats.at(-1) ?? {};

  it('starts, polls, changes, resets, downloads and stops', async () => {
    let answered = 0;
    ui.edge.override = (request, response) => {
      const fails = !request.url?.startsWith('/actuator') && answered++ % 10 === 9;
      if (fails) response.writeHead(500, { 'content-length': 0 }).end();
      return fails;
    };
    const form = { user_count: '6', spawn_rate: '100', host: ui.edge.url, run_time: '2m', profile: 'smoke' };
    expect((await swarm(form)).body).toEqual({
      success: true,
      message: 'Swarming started',
      host: ui.edge.url,
    });

    const running = await until((now) => now.state === 'running' && now.errors.length > 0);
    expect(running.user_count).toBe(6);
    expect(Object.keys(running).sort()).toEqual([
      'current_fail_per_sec',
      'current_response_time_percentiles',
      'current_rps',
      'errors',
      'fail_ratio',
      'state',
      'stats',
      'total_avg_response_time',
      'total_fail_per_sec',
      'total_rps',
      'user_count',
      'worker_count',
    ]);
    const { name, num_requests, num_failures, median_response_time } = all(running);
    expect(name).toBe('Aggregated');
    expect(num_requests).toBe(
      running.stats.slice(0, -1).reduce((sum, one) => sum + Number(one['num_requests']), 0),
    );
    expect(Number(median_response_time)).toBeGreaterThan(0);
    expect(running.fail_ratio).toBeCloseTo(Number(num_failures) / Number(num_requests));
    expect(running.errors[0]).toMatchObject({ error: 'status 500', occurrences: expect.any(Number) });

    // Locust's edit: the same call again.
    expect((await swarm({ user_count: '15', spawn_rate: '50', host: ui.edge.url })).body).toMatchObject({
      success: true,
    });
    await until((now) => now.user_count === 15);
    expect((await swarm({ user_count: '0', spawn_rate: '50' })).status).toBe(400);

    const csv = await get('/stats/requests/csv');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.headers.get('content-disposition')).toMatch(/attachment; filename=".*-smoke_requests\.csv"/);
    expect(await csv.text()).toMatch(/^Type,Name,Request Count,Failure Count,[^]*\n,Aggregated,\d+,/);
    expect(await text('/stats/requests_full_history/csv')).toMatch(
      /^Timestamp,User Count,[^]*,15,,Aggregated,/,
    );
    expect(await text('/stats/failures/csv')).toMatch(/^Method,Name,Error,Occurrences,[^]*,status 500,/);
    expect(await text('/exceptions/csv')).toBe('Count,Message,Traceback,Nodes\n');
    expect(await (await get('/tasks')).json()).toMatchObject({ per_class: { browse: { ratio: 0.5 } } });
    expect(await (await get('/worker-count')).json()).toEqual({ worker_count: 1 });
    expect(await text('/stats/report')).toContain('Load test smoke');

    ui.edge.override = () => false;
    // What is under way may still fail.
    await sleep(1500);
    expect(await text('/stats/reset')).toBe('ok');
    const cleared = await until((now) => Number(all(now)['num_requests']) > 0);
    expect([cleared.fail_ratio, cleared.errors]).toEqual([0, []]);
    expect(Number(all(cleared)['num_requests'])).toBeLessThan(Number(num_requests) * 20);

    expect(await (await get('/stop')).json()).toEqual({ success: true, message: 'Test stopped' });
    const stopped = await until((now) => now.state === 'stopped');
    expect([stopped.user_count, all(stopped)['current_rps']]).toEqual([0, 0]);
    const report = await get('/stats/report?download=1');
    expect(report.headers.get('content-disposition')).toMatch(/attachment; filename=".*-smoke\.html"/);
    // Resetting the tables has not forgotten the failures for the verdict.
    expect(await text('/stats/report')).toContain('status 500');
  }, 30_000);

  it('every open page is told everything so far, then each second', async () => {
    ui.edge.override = () => false;
    await swarm({ user_count: '4', run_time: '30s', profile: 'smoke' });
    await until((now) => now.state === 'running' && Number(all(now)['num_requests']) > 0);
    await sleep(1200);
    interface Event {
      readonly from: number;
      readonly seconds: readonly { readonly second: number }[];
      readonly status: {
        readonly run: { readonly phases: readonly object[]; readonly thresholds: object[] };
      };
    }
    const open = async (): Promise<Event[]> => {
      const reader = (await get('/events')).body?.getReader();
      const decoder = new TextDecoder();
      let received = '';
      while (received.split('\n\n').length < 4) received += decoder.decode((await reader?.read())?.value);
      await reader?.cancel();
      const events = received.split('\n\n').slice(0, -1);
      return events.map((event) => JSON.parse(event.slice('data: '.length)) as Event);
    };
    for (const [first, ...later] of await Promise.all([open(), open()])) {
      expect(first?.from).toBe(0);
      expect(first?.seconds.map(({ second }) => second)).toEqual([...(first?.seconds.keys() ?? [])]);
      expect(first?.status.run.thresholds).toHaveLength(3);
      expect(later[0]?.from).toBe(first?.seconds.length);
    }
    await get('/stop');
    await until((now) => now.state === 'stopped');
  }, 30_000);

  it('changes the length of a run under way', async () => {
    await swarm({ user_count: '3', run_time: '1m', profile: 'smoke' });
    await until((now) => now.user_count === 3);
    await swarm({ user_count: '3', spawn_rate: '10', run_time: '1s' });
    const startedMs = Date.now();
    await until((now) => now.state === 'stopped');
    expect(Date.now() - startedMs).toBeLessThan(8000);
    expect(ui.live.status().report?.outcome).toBe('passed');
    expect(ui.live.status().run?.phases).toHaveLength(2);
  }, 30_000);

  it('has a rate for an open profile, and leaves one that looks for its own load alone', async () => {
    expect((await swarm({ profile: 'breakpoint', user_count: '20' })).body).toMatchObject({
      fields: { user_count: expect.stringContaining('give rate') },
    });
    expect((await swarm({ profile: 'breakpoint', rate: '20', run_time: '1m' })).status).toBe(200);
    await until((now) => Number(all(now)['num_requests']) > 20);
    expect(await swarm({ rate: '50' })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('looks for its load by itself') },
    });
    await get('/stop');
    await until((now) => now.state === 'stopped');
  }, 30_000);
});
