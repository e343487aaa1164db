// What the Linux kernel tells of a process and its children, in proc(5): CPU, memory, disk, open files.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { Rates, ofPart, type Collector, type Values } from './collector.js';

/** USER_HZ, the unit of times in proc(5): 100 on every architecture that Node runs on. */
const ticksPerSecond = 100;
/** Of a page, on all but exotic kernels. */
const pageBytes = 4096;

export interface ProcessReading {
  readonly pid: number;
  /** Since the process began, with all children, also those that ended. */
  readonly cpuSeconds: number;
  readonly mainThreadSeconds: number;
  /** Pages that processes share, like the buffers of Postgres, count once. */
  readonly rssBytes: number;
  readonly fds: number;
  /** Undefined for a process of another user. */
  readonly readBytes: number | undefined;
  readonly writtenBytes: number | undefined;
}

/** @throws with code ENOENT when there is no such process */
function readProcess(pid: number): ProcessReading {
  const children = childrenOf(pid);
  const all = [pid, ...children].map(readOne).filter((one) => one !== undefined);
  const sum = (value: (one: OneProcess) => number): number =>
    all.reduce((total, one) => total + value(one), 0);
  const io = [pid, ...children].map(readIo).filter((one) => one !== undefined);
  return {
    pid,
    cpuSeconds: sum((one) => one.cpuTicks) / ticksPerSecond,
    mainThreadSeconds: threadTicks(readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8')) / ticksPerSecond,
    rssBytes:
      (sum((one) => one.residentPages - one.sharedPages) + Math.max(...all.map((one) => one.sharedPages))) *
      pageBytes,
    fds: sum((one) => one.fds),
    readBytes: io.length === 0 ? undefined : io.reduce((total, one) => total + one.readBytes, 0),
    writtenBytes: io.length === 0 ? undefined : io.reduce((total, one) => total + one.writtenBytes, 0),
  };
}

interface OneProcess {
  /** Children that ended and were waited for are in it, so that the sum over a family never falls. */
  readonly cpuTicks: number;
  readonly residentPages: number;
  readonly sharedPages: number;
  readonly fds: number;
}

/** The first generation: neither our services nor Postgres have grandchildren. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/** Undefined for a child that has just ended. */
function readOne(pid: number): OneProcess | undefined {
  try {
    const fields = statFields(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number);
    return {
      cpuTicks: [11, 12, 13, 14].reduce((ticks, field) => ticks + Number(fields[field]), 0),
      residentPages: resident ?? 0,
      sharedPages: shared ?? 0,
      fds: countFds(pid),
    };
  } catch {
    return undefined;
  }
}

/** What follows the command's closing bracket: `[0]` is field 3 of proc(5), `[11]` and on are utime, stime, cutime, cstime. */
const statFields = (stat: string): string[] => stat.slice(stat.lastIndexOf(')') + 2).split(' ');

function threadTicks(stat: string): number {
  const fields = statFields(stat);
  return Number(fields[11]) + Number(fields[12]);
}

/** Since Linux 6.2 the size of the folder is their number; before, they have to be listed. */
function countFds(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return statSync(folder).size || readdirSync(folder).length;
}

function readIo(pid: number): { readBytes: number; writtenBytes: number } | undefined {
  try {
    const io = readFileSync(`/proc/${pid}/io`, 'utf8');
    const field = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(io)?.[1] ?? 0);
    return { readBytes: field('read_bytes'), writtenBytes: field('write_bytes') };
  } catch {
    return undefined;
  }
}

/** One part by its process, which may be another one after a restart. */
export class ProcessCollector implements Collector {
  readonly name: string;
  private readonly rates = new Rates();
  private lastPid: number | undefined;

  constructor(
    private readonly part: string,
    private readonly findPid: () => number | undefined,
  ) {
    this.name = `${part} (process)`;
  }

  async read(): Promise<Values> {
    const pid = this.findPid();
    if (pid === undefined) throw new Error('the stack does not run it');
    const reading = readProcess(pid);
    this.rates.begin(performance.now());
    const replaced = this.lastPid !== undefined && this.lastPid !== pid;
    this.lastPid = pid;
    const total = (name: string, value: number | undefined): number | undefined => {
      if (value === undefined) return undefined;
      // All that a new process has used, it has used since: its totals start at 0.
      if (replaced) this.rates.grown(name, 0);
      return this.rates.perSecond(name, value);
    };
    return ofPart(this.part, {
      cpu: total('cpu', reading.cpuSeconds),
      main_thread: total('main', reading.mainThreadSeconds),
      rss: reading.rssBytes,
      fds: reading.fds,
      read: total('read', reading.readBytes),
      written: total('written', reading.writtenBytes),
    });
  }
}
