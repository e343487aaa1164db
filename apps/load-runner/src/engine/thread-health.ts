// How the generator's own thread fares: a late event loop makes every latency look longer than it was.

import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { ThreadHealth } from './delta.js';

/** The monitor is a timer of this period; what it reports includes the period itself. */
const resolutionMs = 10;

export class ThreadHealthMonitor {
  private readonly delay = monitorEventLoopDelay({ resolution: resolutionMs });
  private utilization = performance.eventLoopUtilization();
  private cpu = process.threadCpuUsage();
  private since = performance.now();

  constructor() {
    this.delay.enable();
  }

  /** Figures since the last call. */
  drain(): ThreadHealth {
    const now = performance.now();
    const elapsedMs = Math.max(1, now - this.since);
    const utilization = performance.eventLoopUtilization();
    const cpu = process.threadCpuUsage();
    const usedUs = cpu.user + cpu.system - this.cpu.user - this.cpu.system;
    const health = {
      loopDelayP99Ms: lateness(this.delay.percentile(99)),
      loopDelayMaxMs: lateness(this.delay.max),
      loopUtilization: performance.eventLoopUtilization(utilization, this.utilization).utilization,
      cpu: usedUs / 1000 / elapsedMs,
    };
    this.delay.reset();
    this.utilization = utilization;
    this.cpu = cpu;
    this.since = now;
    return health;
  }

  stop(): void {
    this.delay.disable();
  }
}

const lateness = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs);
