// The connections of a worker: a closed user keeps one for its lifetime, as a browser does; the open driver borrows and gives back.

import type { Step } from '../users/step.js';
import type { Actor } from './actor.js';
import { LrConnection, type Target } from './connection.js';
import { Exchange } from './exchange.js';
import type { TraceContext } from './trace-context.js';

/** Is told when the request on its line has ended, in whatever way. */
export interface LineHolder {
  settled(line: Line): void;
}

/** A connection with the one exchange it carries: nothing is made anew for a request. */
export class Line {
  readonly exchange = new Exchange();
  /** For whom the open driver uses it at the moment. */
  actor: Actor | undefined;
  private readonly connection: LrConnection;

  constructor(
    private readonly options: PoolOptions,
    holder: LineHolder,
    patience: 'patient' | 'impatient',
  ) {
    const { target, timeoutMs } = options;
    this.connection = new LrConnection(target, timeoutMs, () => holder.settled(this), patience);
  }

  ask(step: Step, wantedAt: number): void {
    this.exchange.begin(step, wantedAt, this.options.trace?.next());
    this.connection.send(this.exchange);
  }

  get busy(): boolean {
    return this.connection.busy;
  }

  close(): void {
    this.connection.close();
  }
}

export interface PoolOptions {
  readonly target: Target;
  readonly timeoutMs: number;
  /** Connections at most; Infinity for the closed model, whose users bound them. */
  readonly limit: number;
  /** Where each request gets its trace context from, if it is to carry one. */
  readonly trace?: TraceContext;
}

export class ConnectionPool {
  private readonly lines = new Set<Line>();
  /** The one used last is taken first: the others may rest, and a pool that was once too large does not stay warm. */
  private readonly idle: Line[] = [];

  constructor(private readonly options: PoolOptions) {}

  /** Lines there are, idle ones included. */
  get size(): number {
    return this.lines.size;
  }

  get inUse(): number {
    return this.lines.size - this.idle.length;
  }

  /** A line of one's own until `close`; it waits before it connects again to a server that is away. */
  open(holder: LineHolder): Line {
    return this.add(holder, 'patient');
  }

  /**
   * An idle line, or a new one while the limit allows; undefined beyond it. It does not wait before it connects again:
   * in the open model arrivals set the pace of attempts, and each is to learn its own fate.
   */
  take(holder: LineHolder): Line | undefined {
    const idle = this.idle.pop();
    if (idle) return idle;
    return this.lines.size < this.options.limit ? this.add(holder, 'impatient') : undefined;
  }

  giveBack(line: Line): void {
    this.idle.push(line);
  }

  close(line: Line): void {
    line.close();
    this.lines.delete(line);
  }

  /** Lines that wait for an answer. */
  busyLines(): Line[] {
    return [...this.lines].filter((line) => line.busy);
  }

  closeAll(): void {
    for (const line of this.lines) line.close();
    this.lines.clear();
    this.idle.length = 0;
  }

  private add(holder: LineHolder, patience: 'patient' | 'impatient'): Line {
    const line = new Line(this.options, holder, patience);
    this.lines.add(line);
    return line;
  }
}
