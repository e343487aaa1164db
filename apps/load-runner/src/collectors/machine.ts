// The whole machine, from proc(5): CPU, load, memory, disks, network. Linux only.

import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { Rates, ofPart, type Collector, type Values } from './collector.js';

/** Of /proc/diskstats, whatever the disk's own. */
const sectorBytes = 512;
/** Disks made of other disks, or of memory: their bytes would count twice, or are none. */
const notADisk = /^(?:loop|ram|zram|dm-|md|sr)/;

export class MachineCollector implements Collector {
  readonly name = 'machine';
  private readonly rates = new Rates();
  private readonly disks = new Set(diskNames());

  async read(): Promise<Values> {
    this.rates.begin(performance.now());
    return ofPart('machine', {
      ...this.cpu(),
      load: Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]),
      memory_available: memoryAvailable(readFileSync('/proc/meminfo', 'utf8')),
      ...this.disk(readFileSync('/proc/diskstats', 'utf8')),
      ...this.network(readFileSync('/proc/net/dev', 'utf8')),
    });
  }

  /** Stolen time counts as busy: nobody here could have used it. */
  private cpu(): Record<string, number | undefined> {
    const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '';
    const ticks = line.split(/\s+/).slice(1).map(Number);
    const steal = ticks[7] ?? 0;
    const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
    // Guests are counted in user time already.
    const all = ticks.slice(0, 8).reduce((sum, value) => sum + value, 0);
    const busy = this.rates.grown('busy', all - idle);
    const free = this.rates.grown('free', idle);
    const stolen = this.rates.grown('steal', steal);
    if (busy === undefined || free === undefined || stolen === undefined || busy + free === 0) return {};
    return { cpu: busy / (busy + free), steal: stolen / (busy + free) };
  }

  private disk(diskstats: string): Record<string, number | undefined> {
    let read = 0;
    let written = 0;
    let busiest: number | undefined;
    for (const line of diskstats.split('\n')) {
      const fields = line.trim().split(/\s+/);
      const name = fields[2] ?? '';
      if (!this.disks.has(name)) continue;
      read += Number(fields[5]) * sectorBytes;
      written += Number(fields[9]) * sectorBytes;
      const busyMs = this.rates.perSecond(`busy ${name}`, Number(fields[12]));
      if (busyMs !== undefined) busiest = Math.max(busiest ?? 0, Math.min(1, busyMs / 1000));
    }
    return {
      disk_read: this.rates.perSecond('disk read', read),
      disk_write: this.rates.perSecond('disk written', written),
      disk_busy: busiest,
    };
  }

  private network(dev: string): Record<string, number | undefined> {
    let [received, sent, loopback] = [0, 0, 0];
    for (const line of dev.split('\n').slice(2)) {
      const [name, counters = ''] = line.split(':');
      const fields = counters.trim().split(/\s+/).map(Number);
      if (name?.trim() === 'lo') loopback += fields[0] ?? 0;
      else {
        received += fields[0] ?? 0;
        sent += fields[8] ?? 0;
      }
    }
    return {
      net_in: this.rates.perSecond('net in', received),
      net_out: this.rates.perSecond('net out', sent),
      loopback: this.rates.perSecond('loopback', loopback),
    };
  }
}

function diskNames(): string[] {
  try {
    return readdirSync('/sys/block').filter((name) => !notADisk.test(name));
  } catch {
    // A container may hide it; the machine then has no disks that we know.
    return [];
  }
}

function memoryAvailable(meminfo: string): number | undefined {
  const kib = /^MemAvailable:\s+(\d+) kB/m.exec(meminfo)?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}
