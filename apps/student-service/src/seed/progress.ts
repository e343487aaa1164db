/** A load's progress for people: a bar that redraws itself on a terminal, a line now and then elsewhere. */
import type { LoadObserver } from './load-students.js';

/** Where progress goes: standard error, as a rule. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const BAR_WIDTH = 24;
const TERMINAL_EVERY_MS = 200;
const LOG_EVERY_MS = 5000;
/** The clock is asked only every so many students. */
const CHECK_EVERY = 500;

export class Progress implements LoadObserver {
  constructor(
    private readonly total: number,
    private readonly screen: Screen,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  step(description: string): void {
    this.screen.write(`${description} …\n`);
  }

  *watch(table: string, numbers: Iterable<number>): Iterable<number> {
    const everyMs = this.screen.isTTY ? TERMINAL_EVERY_MS : LOG_EVERY_MS;
    const startMs = this.nowMs();
    let shownMs = startMs;
    let done = 0;
    for (const n of numbers) {
      yield n;
      done++;
      if (done % CHECK_EVERY !== 0 || done === this.total) continue;
      const now = this.nowMs();
      if (now - shownMs < everyMs) continue;
      shownMs = now;
      this.show(describe({ table, done, total: this.total, elapsedMs: now - startMs }));
    }
    this.show(describe({ table, done, total: this.total, elapsedMs: this.nowMs() - startMs }));
    if (this.screen.isTTY) this.screen.write('\n');
  }

  private show(line: string): void {
    // \r goes back to the start of the line, and "erase to its end" wipes what a longer one left.
    this.screen.write(this.screen.isTTY ? `\r${line}\u001b[K` : `${line}\n`);
  }
}

interface Position {
  readonly table: string;
  readonly done: number;
  readonly total: number;
  readonly elapsedMs: number;
}

const number = new Intl.NumberFormat('en');

function describe({ table, done, total, elapsedMs }: Position): string {
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const perSecond = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0;
  const left = perSecond > 0 ? Math.ceil((total - done) / perSecond) : 0;
  const counts = `${number.format(done)} of ${number.format(total)} students`;
  const time = done < total ? `${left} s left` : `${(elapsedMs / 1000).toFixed(1)} s`;
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  return `${table.padEnd(18)} ${bar} ${percent}  ${counts}, ${number.format(Math.round(perSecond))}/s, ${time}`;
}
