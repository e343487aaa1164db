// The line that tells how a run is going: rewritten in place on a terminal, a new one now and then elsewhere.

import { formatDuration } from '../profiles/duration.js';
import type { Second } from '../engine/timeline.js';
import { formatMs, formatPercent } from './format.js';

export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A log that is read later needs no more than this. */
const secondsBetweenLines = 10;

export class Progress {
  private requests = 0;
  private failed = 0;

  constructor(
    private readonly output: ProgressOutput,
    private readonly totalMs: number,
  ) {}

  /** @param doing what companions of the run are at */
  show(second: Second, doing: readonly string[] = []): void {
    this.requests += second.requests;
    this.failed += second.failed;
    if (this.output.isTTY) this.output.write(`\r\x1b[2K${this.line(second, doing)}`);
    else if ((second.second + 1) % secondsBetweenLines === 0)
      this.output.write(`${this.line(second, doing)}\n`);
  }

  /** A line that stays. */
  note(text: string): void {
    this.output.write(`${this.output.isTTY ? '\r\x1b[2K' : ''}${text}\n`);
  }

  /** Leaves the terminal's line free for what comes next. */
  end(): void {
    if (this.output.isTTY) this.output.write('\r\x1b[2K');
  }

  private line(second: Second, doing: readonly string[]): string {
    const failed = this.requests === 0 ? 0 : this.failed / this.requests;
    return [
      `running ${formatDuration((second.second + 1) * 1000)} / ${formatDuration(this.totalMs)}`,
      `${second.users} users`,
      `${second.requests} req/s`,
      `p50 ${formatMs(second.p50Ms)}`,
      `p95 ${formatMs(second.p95Ms)}`,
      `failed ${formatPercent(failed)}`,
      ...(second.warmup ? ['warm-up'] : []),
      ...doing,
    ].join(' · ');
  }
}
