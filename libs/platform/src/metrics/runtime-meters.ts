import { readFileSync } from 'node:fs';
import {
  constants,
  monitorEventLoopDelay,
  type PerformanceEntry,
  PerformanceObserver,
} from 'node:perf_hooks';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Meters } from './meters.js';

const NS_PER_SECOND = 1e9;
const DELAY_RESOLUTION_MS = 10;

const gcKinds: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

/** What Node adds to an entry of type `gc`. */
interface GcEntry extends PerformanceEntry {
  readonly detail: { readonly kind: number };
}

/** What the Node process itself costs: memory, CPU, event loop and garbage collection. */
@Injectable()
export class RuntimeMeters implements OnModuleDestroy {
  private readonly loopDelay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  private readonly gcObserver: PerformanceObserver;

  constructor(meters: Meters) {
    this.measureMemory(meters);
    this.measureCpu(meters);
    this.measureEventLoop(meters);
    this.gcObserver = this.measureGc(meters);
  }

  onModuleDestroy(): void {
    this.loopDelay.disable();
    this.gcObserver.disconnect();
  }

  private measureMemory(meters: Meters): void {
    const gauge = (name: string, description: string, read: () => number) =>
      meters.gauge({ name, description, baseUnit: 'bytes' }, read);
    gauge(
      'nodejs.memory.heap.used',
      'Live and dead objects on the heap',
      () => process.memoryUsage().heapUsed,
    );
    gauge('nodejs.memory.heap.total', 'Heap taken from the system', () => process.memoryUsage().heapTotal);
    gauge('process.memory.rss', 'Resident memory of the process', () => process.memoryUsage.rss());
    meters.gauge(
      { name: 'nodejs.memory.used', description: 'Memory in use by area', baseUnit: 'bytes', tags: ['area'] },
      () => {
        const { heapUsed, external } = process.memoryUsage();
        return [
          { tags: { area: 'heap' }, value: heapUsed },
          { tags: { area: 'nonheap' }, value: external },
        ];
      },
    );
  }

  private measureCpu(meters: Meters): void {
    let before = { usage: process.cpuUsage(), at: process.hrtime.bigint() };
    meters.gauge({ name: 'process.cpu.usage', description: 'Cores in use since the last reading' }, () => {
      const now = { usage: process.cpuUsage(), at: process.hrtime.bigint() };
      const cpuNs = (now.usage.user + now.usage.system - before.usage.user - before.usage.system) * 1000;
      const wallNs = Number(now.at - before.at);
      before = now;
      return wallNs === 0 ? 0 : cpuNs / wallNs;
    });
    meters.gauge({ name: 'process.uptime', description: 'Age of the process', baseUnit: 'seconds' }, () =>
      process.uptime(),
    );
    meters.gauge(
      { name: 'nodejs.threads.live', description: 'Threads of the process', baseUnit: 'threads' },
      liveThreads,
    );
  }

  private measureEventLoop(meters: Meters): void {
    this.loopDelay.enable();
    const gauge = (name: string, description: string, readNs: () => number) =>
      meters.gauge({ name, description, baseUnit: 'seconds' }, () => {
        const beyondTimerNs = readNs() - DELAY_RESOLUTION_MS * 1e6;
        return Number.isFinite(beyondTimerNs) ? Math.max(0, beyondTimerNs) / NS_PER_SECOND : 0;
      });
    gauge('nodejs.eventloop.delay', 'Mean delay of the event loop', () => this.loopDelay.mean);
    gauge('nodejs.eventloop.delay.p99', '99th percentile of its delay', () => this.loopDelay.percentile(99));
    // The longest of the three is read last and starts the next window, so that a spike does not stay for ever.
    gauge('nodejs.eventloop.delay.max', 'Longest delay since the last reading', () => {
      const { max } = this.loopDelay;
      this.loopDelay.reset();
      return max;
    });
  }

  private measureGc(meters: Meters): PerformanceObserver {
    const pauses = meters.timer({
      name: 'nodejs.gc.pause',
      description: 'Garbage collections',
      tags: ['kind'],
    });
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as GcEntry[]) {
        pauses.for({ kind: gcKinds[entry.detail.kind] ?? 'other' }).record(entry.duration / 1000);
      }
    });
    observer.observe({ entryTypes: ['gc'] });
    return observer;
  }
}

/** From the kernel where it tells (Linux), else the one thread that is sure. */
function liveThreads(): number {
  try {
    const [, threads] = /^Threads:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return Number(threads ?? 1);
  } catch {
    return 1;
  }
}
