// A whole search through the built command line, against a server whose capacity is known.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunRecord } from '../analysis/record.js';
import { folderOf, start } from '../testing/command-line.js';
import { FakeEdge } from '../testing/fake-edge.js';

/** Serves so many at a time, each for so long; the others wait their turn: a capacity of `places / serviceMs` and not a request more. */
class Turnstile {
  private busy = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly places: number,
    private readonly serviceMs: number,
  ) {}

  enter(serve: () => void): void {
    if (this.busy >= this.places) {
      this.waiting.push(serve);
      return;
    }
    this.busy++;
    // From its own start, so that a late timer is made up for and the capacity is what it should be.
    this.occupy(serve, performance.now() + this.serviceMs);
  }

  private occupy(serve: () => void, until: number): void {
    setTimeout(
      () => {
        serve();
        const next = this.waiting.shift();
        if (next) this.occupy(next, Math.max(until, performance.now() - this.serviceMs) + this.serviceMs);
        else this.busy--;
      },
      Math.max(0, until - performance.now()),
    );
  }
}

describe('breakpoint', () => {
  const edge = new FakeEdge();
  let files: string;
  const made: string[] = [];

  beforeAll(async () => {
    await edge.listen();
    files = mkdtempSync(join(tmpdir(), 'load-runner-breakpoint-'));
  });
  afterAll(async () => {
    await edge.close();
    for (const folder of [files, ...made]) rmSync(folder, { recursive: true, force: true });
  });

  it('steps up, bisects, finds the capacity of a server within precision, tells where it is, and passes', async () => {
    const capacity = (4 * 1000) / 20;
    const turnstile = new Turnstile(4, 20);
    const file = join(files, 'knee.yaml');
    writeFileSync(
      file,
      `name: knee
model: open
stages: [{ rate: 100, hold: 2m }]
warmup: 1s
maxInFlight: 200
maxQueue: 200
audit: false
gracefulStop: 2s
search: { growth: 2.2, step: 3s, precision: 0.5, slo: { http_req_response: p(95)<300 } }
thresholds: { knee_rate: value>100 }
`,
    );
    const child = start(['run', file, '--base-url', edge.url, '--seed', '3']);
    // What the run asks before the load is not slowed down.
    while (!child.output().includes('seed 3')) await new Promise((resolve) => setTimeout(resolve, 20));
    edge.override = (_request, response) => {
      turnstile.enter(() => response.writeHead(200, { 'content-length': 2 }).end('{}'));
      return true;
    };
    const ended = await child.ended;
    made.push(folderOf(ended));
    const { knee, verdict } = JSON.parse(
      readFileSync(join(folderOf(ended), 'run.json'), 'utf8'),
    ) as RunRecord;
    expect([ended.code, verdict.outcome]).toEqual([0, 'passed']);
    expect(knee?.sustainablePerSecond).toBeGreaterThan(capacity / 1.5);
    expect(knee?.sustainablePerSecond).toBeLessThan(capacity * 1.05);
    expect(knee?.brokenPerSecond).toBeGreaterThan(knee?.sustainablePerSecond ?? 0);
    expect(ended.err).toMatch(/step 1: 100\/s, \d+\.\d\/s answered, p95 [\d.]+ms: sustainable/);
    expect(ended.err).toMatch(/not sustainable \(.*\); once more/);
    expect(ended.err).toMatch(
      / · (stepping|bisecting|confirming) .*\/s.*, best 1\d\d\/s.*, at most 1m\d\ds\n/,
    );
    expect(verdict.reasons.join()).toContain('requests/s were sustainable');
  }, 150_000);
});
