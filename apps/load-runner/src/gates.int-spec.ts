// Thresholds that act while the run goes on, through the built command line against real servers.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunRecord } from './analysis/record.js';
import { folderOf, requireBuild, start, type Ended } from './testing/command-line.js';
import { FakeEdge } from './testing/fake-edge.js';

describe('the load-runner’s gates', () => {
  let edge: FakeEdge;
  let files: string;
  const made: string[] = [];
  const run = async (name: string, text: string, ...args: readonly string[]): Promise<Ended> => {
    const file = join(files, `${name}.yaml`);
    writeFileSync(file, `name: ${name}\n${text}`);
    const ended = await start(['run', file, '--base-url', edge.url, ...args]).ended;
    made.push(folderOf(ended));
    return ended;
  };
  const recordOf = (ended: Ended) =>
    JSON.parse(readFileSync(join(folderOf(ended), 'run.json'), 'utf8')) as RunRecord;

  beforeAll(async () => {
    requireBuild();
    edge = await new FakeEdge().listen();
    files = mkdtempSync(join(tmpdir(), 'load-runner-gates-'));
  });
  afterAll(async () => {
    await edge.close();
    for (const folder of [files, ...made]) rmSync(folder, { recursive: true, force: true });
  });

  it('end a run whose answers got slow with 99, long before its time, and say why and since when', async () => {
    const startedAt = Date.now();
    edge.override = (_request, response) => {
      if (Date.now() - startedAt < 4000) return false;
      setTimeout(() => response.writeHead(503).end(), 5);
      return true;
    };
    const ended = await run(
      'collapsing',
      `stages: [{ users: 5, hold: 2m }]
thinkTime: 20ms
thresholds:
  http_req_failed:
    - { threshold: 'rate<0.5', window: 2s, abortOnFail: true, delayAbortEval: 3s }
    - rate<0.9
  http_reqs: count>10
`,
    );
    edge.override = () => false;
    expect(ended.code).toBe(99);
    expect(ended.out).toContain('█ FAILED (exit code 99)');
    expect(ended.out).toMatch(/Ended early, at second \d+: http_req_failed rate<0\.5 in any 2s: was /);
    const { verdict, thresholds, durationMs } = recordOf(ended);
    expect(verdict.outcome).toBe('failed');
    expect(durationMs).toBeLessThan(15_000);
    expect(thresholds).toMatchObject([
      { condition: 'rate<0.5', windowMs: 2000, ok: false, worstAtSecond: expect.any(Number) },
      { condition: 'rate<0.9', ok: true },
      { ok: true },
    ]);
    expect(readFileSync(join(folderOf(ended), 'junit.xml'), 'utf8')).toContain(
      'name="http_req_failed rate&lt;0.5 in any 2s"',
    );
    expect(JSON.parse(readFileSync(join(folderOf(ended), 'summary.json'), 'utf8'))).toMatchObject({
      metrics: {
        http_req_failed: { thresholds: { 'rate<0.5 in any 2s': { ok: false }, 'rate<0.9': { ok: true } } },
      },
    });
  });

  it('count the answers of a status as the server gave them, and end the run by them', async () => {
    let asked = 0;
    let unavailable = 0;
    edge.override = (request, response) => {
      // The collectors ask, too, and are no part of the load.
      if (request.method !== 'GET' || request.url?.startsWith('/actuator')) return false;
      if (++asked % 10 !== 0) return false;
      unavailable++;
      response.writeHead(503).end();
      return true;
    };
    const ended = await run(
      'unavailable',
      `stages: [{ users: 5, hold: 1m }]
thinkTime: 20ms
journeys: { browse: 1, student: 1 }
audit: false
thresholds:
  'http_reqs{status:503}':
    - { threshold: 'count<20', window: 3s, abortOnFail: true }
    - count>0
  'http_reqs{status:502}': count==0
  'http_req_failed{method:POST}': rate==0
  'http_req_failed{method:GET}': rate<0.01
`,
    );
    edge.override = () => false;
    expect(ended.code).toBe(99);
    expect(ended.out).toMatch(/Ended early, at second \d+: http_reqs\{status:503\} count<20 in any 3s: was /);
    const { thresholds, metrics } = recordOf(ended);
    expect(thresholds.map(({ ok }) => ok)).toEqual([false, true, true, true, false]);
    const counted = metrics['http_reqs{status:503}']?.values['count'] ?? 0;
    expect(counted).toBe(unavailable);
    expect(counted).toBeGreaterThanOrEqual(20);
  });
});
