import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { LiveRun } from './live-run.js';
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
    for (const name of ['profile', 'user_count', 'spawn_rate', 'host', 'run_time'])
      expect(page.body).toContain(`name="${name}"`);
    for (const url of ['/assets/look.css', '/assets/live.js'])
      expect((await app.inject({ url, headers: { host } })).statusCode).toBe(200);
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
  ])('refuses %s in clear words', async (_name, fields, message) => {
    const answer = await swarm(fields);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ success: false });
    expect(answer.json<{ message: string }>().message).toContain(message);
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
      'a run is under way: stop it first',
    ]);
    expect((await app.inject({ url: '/stats/requests', headers: { host } })).json()).toMatchObject({
      state: 'spawning',
      user_count: 0,
      total_rps: 0,
      fail_ratio: 0,
      stats: [],
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
    ];
    expect(foreign.map((answer) => answer.statusCode)).toEqual([403, 403, 403]);
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
});
