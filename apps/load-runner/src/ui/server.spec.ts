import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { LiveRun } from './live-run.js';
import { sleep } from '../testing/settled.js';
import { createUi } from './server.js';

describe('the live page', () => {
  let app: FastifyInstance;
  let live: LiveRun;
  let results: string;
  const host = '127.0.0.1:8089';

  beforeEach(() => {
    results = mkdtempSync(join(tmpdir(), 'load-runner-ui-'));
    ({ app, live } = createUi({
      defaultHost: 'http://127.0.0.1:1',
      allowedHosts: ['staging.example.org'],
      resultsFolder: results,
    }));
  });
  afterEach(() => app.close());

  const swarm = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/swarm',
      headers: { host, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload: new URLSearchParams(fields).toString(),
    });

  it('has a form, and what it needs comes from the same place', async () => {
    const page = await app.inject({ url: '/', headers: { host } });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).not.toMatch(/(src|href)="https?:/);
    for (const name of ['profile', 'user_count', 'rate', 'spawn_rate', 'host', 'run_time', 'seed', 'workers'])
      expect(page.body).toContain(`name="${name}"`);
    const wanted = [...page.body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, url]) => url ?? '');
    expect(wanted).toContain('/assets/live.js');
    for (const url of wanted)
      expect([url, (await app.inject({ url, headers: { host } })).statusCode]).toEqual([url, 200]);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    const settings: unknown = (await app.inject({ url: '/settings', headers: { host } })).json();
    expect(settings).toMatchObject({ host: 'http://127.0.0.1:1' });
  });

  it.each([
    [
      'another machine',
      { host: 'http://example.com' },
      'http://example.com is not this machine; start the page with --allow-host',
    ],
    ['an unknown profile', { profile: 'smok' }, 'there is no profile "smok"'],
    ['no users', { user_count: '0' }, 'user_count: '],
    ['nonsense for users', { user_count: 'many' }, 'user_count: '],
    ['a negative spawn rate', { spawn_rate: '-1' }, 'spawn_rate: '],
    ['a time that is none', { run_time: 'soon' }, 'run_time: must be at least 1s'],
    ['a host that is no address', { host: 'localhost' }, 'is not an http:// address'],
    [
      'a name made to look like this machine',
      { host: 'http://127.0.0.1.example.com' },
      'is not this machine',
    ],
    ['a file for a profile', { profile: '/etc/hosts.yaml' }, 'there is no profile "/etc/hosts.yaml"'],
    ['a rate for a profile of users', { profile: 'smoke', rate: '5' }, 'has users, not a rate'],
    ['more workers than sense', { workers: '65' }, 'workers: must be a whole number from 1 to 64'],
  ])('refuses %s in clear words', async (_name, fields, message) => {
    const answer = await swarm(fields);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ success: false });
    const refusal = answer.json<{ message: string; fields: Record<string, string> }>();
    expect(refusal.message).toContain(message);
    // Each complaint can be shown beside its field.
    expect(Object.keys(fields)).toEqual(expect.arrayContaining(Object.keys(refusal.fields)));
    expect(Object.keys(refusal.fields)).toHaveLength(1);
  });

  it('starts one run at a time, and tells why it could not be made', async () => {
    // Nobody listens on port 1: the run waits for readiness until it is stopped.
    expect((await swarm({ profile: 'smoke' })).json()).toMatchObject({
      success: true,
      message: 'Swarming started',
    });
    const second = await swarm({ profile: 'smoke' });
    expect([second.statusCode, second.json<{ message: string }>().message]).toEqual([
      409,
      'the run has not begun yet or is about to end: it cannot be changed now',
    ]);
    expect((await app.inject({ url: '/stats/requests', headers: { host } })).json()).toMatchObject({
      state: 'spawning',
      user_count: 0,
      total_rps: 0,
      fail_ratio: 0,
      stats: [{ name: 'Aggregated', num_requests: 0 }],
      errors: [],
    });
    expect((await app.inject({ url: '/stop', headers: { host } })).json()).toMatchObject({ success: true });
    await live.idle();
    expect(live.status()).toMatchObject({ state: 'stopped', problem: null });
  });

  it('answers nobody but its own page on this machine', async () => {
    const foreign = [
      await swarm({ profile: 'smoke' }, { origin: 'http://evil.example' }),
      await swarm({ profile: 'smoke' }, { host: 'evil.example:8089' }),
      await app.inject({ url: '/stop', headers: { host, 'sec-fetch-site': 'cross-site' } }),
      // A page of another port of this machine is another's page, too.
      await app.inject({ url: '/stats/reset', headers: { host, 'sec-fetch-site': 'same-site' } }),
      await app.inject({ url: '/', headers: { host: '192.0.2.7:8089' } }),
    ];
    expect(foreign.map((answer) => answer.statusCode)).toEqual([403, 403, 403, 403, 403]);
  });

  it('keeps nothing for a page that does not take its events, and tells it how things stand once it does', async () => {
    let connection: Socket | undefined;
    app.server.once('connection', (socket) => (connection = socket));
    await app.listen({ host: '127.0.0.1', port: 0 });
    const page = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    let received = '';
    page.on('data', (chunk: Buffer) => (received += chunk.toString()));
    page.write('GET /events HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    const until = async (holds: () => boolean) => {
      while (!holds()) await sleep(5);
    };
    try {
      await until(() => received.includes('data: '));
      page.pause();
      for (let event = 0; event < 50_000; event++) live.emit('change');
      expect(connection?.writableLength).toBeLessThan(100_000);
      await swarm({ profile: 'smoke', seed: '4711' });
      page.resume();
      await until(() => received.includes('"seed":4711'));
      live.stop();
      await live.idle();
    } finally {
      page.destroy();
    }
  });

  it('bound to the network it answers to addresses and its own name, and to no foreign one', async () => {
    const open = createUi({
      ...{ defaultHost: 'http://127.0.0.1:1', allowedHosts: [], resultsFolder: results },
      bind: '0.0.0.0',
    });
    const statuses = [];
    for (const name of ['192.0.2.7:8089', '[2001:db8::1]:8089', `${hostname()}:8089`, 'evil.example:8089'])
      statuses.push((await open.app.inject({ url: '/', headers: { host: name } })).statusCode);
    await open.app.close();
    expect(statuses).toEqual([200, 200, 200, 403]);
  });

  it.each([
    '/stats/requests/csv',
    '/stats/requests_full_history/csv',
    '/stats/failures/csv',
    '/stats/report',
  ])('has nothing to give for %s before the first run, and says so', async (url) => {
    const answer = await app.inject({ url, headers: { host } });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ success: false, message: expect.stringContaining('start a run') });
  });

  it('answers what Locust’s scripts ask before a run', async () => {
    const ask = async (url: string) => (await app.inject({ url, headers: { host } })).body;
    expect(JSON.parse(await ask('/exceptions'))).toEqual({ exceptions: [] });
    expect(JSON.parse(await ask('/worker-count'))).toEqual({ worker_count: 0 });
    expect(JSON.parse(await ask('/tasks'))).toEqual({ per_class: {}, total: {} });
    expect(await ask('/stats/reset')).toBe('ok');
  });

  it('gives out reports of runs, and nothing else', async () => {
    const id = '2026-01-02T03-04-05-smoke';
    mkdirSync(join(results, id));
    writeFileSync(join(results, id, 'report.html'), '<p>report</p>');
    const statuses = [];
    for (const url of [
      `/reports/${id}/report.html`,
      `/reports/${id}/run.json`,
      '/reports/../package.json',
      `/reports/${id}/..%2F..%2Fsecret.json`,
      '/reports/%2e%2e/x.html',
    ]) {
      statuses.push((await app.inject({ url, headers: { host } })).statusCode);
    }
    expect(statuses).toEqual([200, 404, 404, 404, 404]);
  });

  it('lists earlier runs, the latest first, and passes over folders of another making', async () => {
    const record = { profile: { name: 'smoke' }, verdict: { outcome: 'passed' }, total: { requests: 7 } };
    for (const time of ['2026-01-02T03-04-05', '2026-02-02T03-04-05']) {
      mkdirSync(join(results, `${time}-smoke`));
      writeFileSync(
        join(results, `${time}-smoke`, 'run.json'),
        JSON.stringify({ ...record, startedAt: time }),
      );
    }
    mkdirSync(join(results, '2026-03-02T03-04-05-broken'));
    mkdirSync(join(results, 'notes'));
    const listed: unknown = (await app.inject({ url: '/runs', headers: { host } })).json();
    expect(listed).toMatchObject([
      { id: '2026-02-02T03-04-05-smoke', outcome: 'passed', requests: 7, files: [{ name: 'run.json' }] },
      { id: '2026-01-02T03-04-05-smoke' },
    ]);
  });
});
