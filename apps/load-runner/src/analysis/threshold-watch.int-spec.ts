// What watching thresholds costs, in a process of its own.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { main } from '../testing/command-line.js';

const program = fileURLToPath(new URL('../testing/threshold-cost.ts', import.meta.url));

describe('ten thresholds over windows of 30 s, at 1400 requests/s to 12 endpoints', () => {
  it('cost less than 5 ms of CPU each second', () => {
    if (!existsSync(main)) throw new Error('build first: npx nx run load-runner:build');
    const medianMs = Number(execFileSync(process.execPath, [program], { encoding: 'utf8' }));
    expect(medianMs).toBeGreaterThan(0);
    expect(medianMs).toBeLessThan(5);
  }, 60_000);
});
