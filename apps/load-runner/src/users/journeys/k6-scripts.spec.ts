// The k6 scripts, played against the stand-in of the edge: they ask what our journeys ask, and hold it to the same.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runK6Script } from '@flowchart/testing';
import { metricCatalogue } from '../../profiles/metric-catalogue.js';
import { parseDurationMs } from '../../profiles/duration.js';
import { loadProfile } from '../../profiles/profile-folder.js';
import { parseCondition, parseSelector } from '../../profiles/threshold.js';
import { FakeEdge } from '../../testing/fake-edge.js';
import { endpoints, floodEndpoint } from '../endpoint.js';

const script = (name: string): URL => new URL(`../../../../../load-testing/k6/${name}`, import.meta.url);
const scripts = ['k6-load-test.js', 'k6-simple-1000-users.js'];

/** A flood is no journey. */
const ofJourneys = endpoints.filter((endpoint) => endpoint !== floodEndpoint);

describe('the k6 scripts', () => {
  let edge: FakeEdge;
  beforeEach(async () => {
    edge = await new FakeEdge().listen();
  });
  afterEach(() => edge.close());

  const play = (name: string, iterations = 120, env: Record<string, string> = {}) =>
    runK6Script(script(name), { env: { BASE_URL: edge.url, STUDENTS: '10', ...env }, iterations });
  const failed = (checks: Record<string, { fails: number }>): string[] =>
    Object.keys(checks).filter((name) => checks[name]?.fails !== 0);

  it.each(scripts)('%s asks everything that our journeys ask, and every check passes', async (name) => {
    const { requests, checks, sleptSeconds } = await play(name);
    expect(failed(checks)).toEqual([]);
    expect(requests.filter(({ expected }) => !expected)).toEqual([]);
    const asked = new Set(requests.map((request) => request.name));
    asked.delete('discovery');
    expect([...asked].sort()).toEqual(ofJourneys.map((endpoint) => endpoint.name).sort());
    for (const { name: tag, method, path } of requests) {
      const known = endpoints.find((endpoint) => endpoint.name === tag);
      if (!known) continue;
      const template = (known.path.split('?')[0] ?? '').replace(/\{\w+\}/g, '[^/]+');
      expect([tag, method, path]).toEqual([
        tag,
        known.method,
        expect.stringMatching(new RegExp(`^${template}$`)),
      ]);
    }
    expect(requests.map(({ status }) => status)).toContain(304);
    // The mean of a log-normal with median 600 ms and p95 1500 ms is 701 ms.
    const thinking = requests.length - 2;
    expect(sleptSeconds / thinking).toBeGreaterThan(0.6);
    expect(sleptSeconds / thinking).toBeLessThan(0.8);
  });

  it('save again, once, when somebody else saved in between', async () => {
    edge.override = (request, response) => {
      if (request.method !== 'PUT') return false;
      response.writeHead(412, { 'content-length': 2 }).end('{}');
      return true;
    };
    const { requests, counters, checks } = await play('k6-load-test.js', 20);
    const saves = requests.flatMap(({ name, status }) => (name === 'savePlan' ? [status] : []));
    expect(counters['plan_conflicts']).toBe(saves.length);
    expect(saves.length).toBeGreaterThan(0);
    expect(saves.length % 2).toBe(0);
    expect(failed(checks)).toEqual([]);
  });

  it('log in again when the session has died', async () => {
    let forgotten = false;
    edge.override = (request) => {
      if (request.url === '/students/me/audit' && !forgotten) {
        forgotten = true;
        edge.forgetSessions();
      }
      return false;
    };
    const { counters, requests, checks } = await play('k6-load-test.js', 10);
    expect(counters['logins_repeated']).toBe(1);
    expect(requests.filter(({ name }) => name === 'login').length).toBeGreaterThan(1);
    expect(failed(checks)).toEqual(['status is as expected']);
  });

  it('notice answers that are wrong although they come with 200', async () => {
    edge.override = (request, response) => {
      if (!request.url?.endsWith('/flowchart')) return false;
      response.writeHead(200, { 'content-length': 2 }).end('{}');
      return true;
    };
    const { checks } = await play('k6-load-test.js', 3);
    expect(failed(checks)).toEqual(['flowchart of the degree asked for']);
  });

  it.each(scripts)('%s has thresholds of the grammar that our profiles use', async (name) => {
    const { options } = await play(name, 0);
    const all = Object.entries(options.thresholds ?? {});
    expect(all.length).toBeGreaterThanOrEqual(3);
    for (const [selector, conditions] of all) {
      const parsed = parseSelector(selector);
      if (!parsed.ok) throw new Error(parsed.complaint);
      const type = metricCatalogue[parsed.value.metric]?.type ?? 'gauge';
      for (const condition of conditions) expect(parseCondition(condition, type)).toMatchObject({ ok: true });
    }
  });

  it('k6-load-test.js has 100, 500 and 1000 users, and the thresholds of our `staged`', async () => {
    const { options } = await play('k6-load-test.js', 0);
    const scenarios = Object.values(options.scenarios ?? {});
    const users = [1, 3, 5].map((stage) =>
      scenarios.reduce((sum, { stages = [] }) => sum + (stages[stage]?.target ?? 0), 0),
    );
    expect(users).toEqual([100, 500, 1000]);
    const staged = loadProfile('staged');
    const stages = scenarios[0]?.stages?.map(({ duration }) => parseDurationMs(duration));
    expect(stages).toEqual(staged.stages.flatMap(({ rampMs, holdMs }) => [rampMs, holdMs]));
    const ours = Object.entries(staged.thresholds).map(([selector, conditions]) => [
      selector,
      conditions.map(({ condition }) => condition),
    ]);
    expect(options.thresholds).toEqual(Object.fromEntries(ours));
  });

  it.each([
    ['smoke', 'rate==0', 'p(95)<500'],
    ['load', 'rate<0.01', 'p(95)<1000'],
    ['stress', 'rate<0.03', 'p(95)<2000'],
    ['peak', 'rate<0.05', 'p(95)<3000'],
  ])('k6-simple-1000-users.js is held to the targets of %s', async (TARGET, share, duration) => {
    const { options } = await play('k6-simple-1000-users.js', 0, { TARGET });
    expect(options).toMatchObject({
      vus: 1000,
      duration: '5m',
      thresholds: { http_req_failed: [share], http_req_duration: [duration] },
    });
  });
});
