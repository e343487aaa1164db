/** Sessions in numbers: made by the edge's own command, used by the load-runner, counted in Redis. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadRunner, reportFolder } from './command-line.js';
import { callerEnvironment, edgeUrl } from './config.js';

interface Sessions {
  readonly wanted: number;
  readonly liveBefore: number;
  readonly liveAfter: number;
  readonly used: number;
  readonly redisBytesPerSession: number;
  readonly generatorBytes: number;
}

describe('a run with live sessions', () => {
  let scratch: string;
  const reports: string[] = [];
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'flowchart-sessions-'));
  });
  afterAll(async () => {
    for (const folder of [scratch, ...reports]) await rm(folder, { recursive: true });
  });

  it('makes them, uses every one under its own token, finds all alive afterwards and leaves no token behind', async () => {
    const json = join(scratch, 'run.json');
    const args = ['run', 'e2e/fixtures/sessions.yaml', '--base-url', edgeUrl(), '--out', `json=${json}`];
    const finished = await loadRunner(args);
    expect([finished.code, finished.output]).toEqual([0, expect.stringContaining('SESSIONS')]);
    reports.push(reportFolder(finished));
    const { sessions, total } = JSON.parse(await readFile(json, 'utf8')) as {
      sessions: Sessions;
      total: { requests: number };
    };
    expect(total.requests).toBe(3000);
    expect(sessions).toMatchObject({ wanted: 2000, used: 2000 });
    expect(sessions.liveBefore).toBeGreaterThanOrEqual(2000);
    // Others may have logged in before.
    expect(sessions.liveAfter).toBe(sessions.liveBefore);
    // Two thousand of them are nearly lost in what else Redis takes and frees: no lower bound.
    expect(sessions.redisBytesPerSession).toBeLessThan(1000);
    expect(sessions.generatorBytes).toBeGreaterThan(1e7);
    expect(existsSync(join(callerEnvironment['INFRA_DIR'] as string, 'sessions.tokens'))).toBe(false);
  }, 60_000);
});
