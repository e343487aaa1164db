// A service that leaks and one that does not, under the same real load: the one is found out, the other left in peace.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSystemSettings } from '../config.js';
import type { RunningLoad } from '../engine/run.js';
import type { LeakFigures } from '../analysis/findings.js';
import { play, profile } from '../testing/generators.js';
import { SystemCompanion } from './system-companion.js';

const program = fileURLToPath(new URL('../testing/tiny-service.ts', import.meta.url));

interface Service {
  readonly child: ChildProcess;
  readonly url: string;
  readonly part: { readonly name: string; readonly pid: number; readonly port: number };
}

async function startService(name: string, ...args: string[]): Promise<Service> {
  const child = fork(program, args, { execArgv: ['--expose-gc'] });
  const [port] = (await once(child, 'message')) as [number];
  return { child, url: `http://127.0.0.1:${port}`, part: { name, pid: child.pid ?? 0, port } };
}

describe('a soak of two services', () => {
  let services: Service[];
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'leak-'));
    services = await Promise.all([startService('leaky', '--leak'), startService('healthy')]);
    const parts = services.map(({ part }) => part);
    writeFileSync(join(folder, 'stack.json'), JSON.stringify({ parts }));
  });
  afterAll(() => {
    for (const { child } of services) child.kill();
    rmSync(folder, { recursive: true });
  });

  it('finds the leak in the one, in memory, handles and files, and none in the other', async () => {
    const soak = profile({
      stages: [{ level: 4, rampMs: 0, holdMs: 18_000 }],
      warmupMs: 4000,
      thinkTime: { distribution: 'constant', valueMs: 200 },
      leaks: { maxGrowthPerHour: 0.1, minTimeMs: 12_000 },
    });
    const [leaky, healthy] = services.map(({ url }) => url);
    if (leaky === undefined || healthy === undefined) throw new Error('no services');
    const request = { profile: soak, baseUrl: leaky, seed: 1, workers: 1, tags: {} };
    const companion = new SystemCompanion(request, readSystemSettings({ INFRA_DIR: folder }));
    await companion.prepare();
    const loads = [play(leaky, soak), play(healthy, soak)];
    companion.started({ startAtEpochMs: Date.now() } as RunningLoad);
    const [timeline] = await Promise.all(loads.map(({ done }) => done));
    if (!timeline) throw new Error('nothing was measured');
    for (const second of timeline.seconds) companion.second(second);
    const { findings } = await companion.finish({ timeline });
    await companion.close();

    const of = (part: string, all: readonly LeakFigures[] = []): string[] =>
      all.filter((leak) => leak.part === part && leak.leaking).map(({ metric }) => metric);
    expect(of('leaky', findings?.leaks)).toEqual(expect.arrayContaining(['fds', 'handles', 'heap', 'rss']));
    expect(of('healthy', findings?.leaks)).toEqual([]);
    // Both were looked at in the same way.
    expect(findings?.leaks?.filter(({ part }) => part === 'healthy').map(({ metric }) => metric)).toEqual([
      ...['fds', 'handles', 'heap', 'rss'],
    ]);
  });
});
