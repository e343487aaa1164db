/** Reads what a whole stack has used and done up to now. */
import { setTimeout as sleep } from 'node:timers/promises';
import { treeCpuUs } from '../../measure/process-cpu.js';
import { readEdgeCounts, type EdgeCounts } from '../../servers/edge-counts.js';
import type { BenchStack } from '../../servers/stack.js';

export interface Reading {
  readonly atMs: number;
  readonly counts: EdgeCounts;
  /** By part of the stack, its child processes included. */
  readonly cpuUs: Readonly<Record<string, number>>;
}

const REST_MS = 3000;

export class StackMeter {
  constructor(
    private readonly stack: BenchStack,
    private readonly signal: AbortSignal,
  ) {}

  get edgePort(): number {
    return this.stack.portOf('edge-gateway');
  }

  get parts(): string[] {
    return this.stack.parts.map(({ name }) => name);
  }

  async read(): Promise<Reading> {
    const counts = await readEdgeCounts(this.edgePort, this.signal);
    return { atMs: performance.now(), counts, cpuUs: this.cpuUs() };
  }

  async cpuAtRestUsPerSecond(): Promise<number> {
    const before = await this.read();
    await sleep(REST_MS, undefined, { signal: this.signal });
    const after = await this.read();
    return (totalUs(before, after) / (after.atMs - before.atMs)) * 1000;
  }

  private cpuUs(): Record<string, number> {
    return Object.fromEntries(this.stack.parts.map(({ name, process }) => [name, treeCpuUs([process.pid])]));
  }
}

/** CPU of all parts between two readings. */
export const totalUs = (before: Reading, after: Reading): number =>
  Object.entries(after.cpuUs).reduce((sum, [part, us]) => sum + us - (before.cpuUs[part] ?? 0), 0);
