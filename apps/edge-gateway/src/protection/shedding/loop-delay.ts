const PERIOD_MS = 20;
/** Weight of the newest reading: an older one counts half after two. */
const NEWEST = 0.3;

/**
 * How late this process gets to what is due, smoothed over the last tenth of a second: as late as its timer comes is a
 * request looked at that has just arrived. `monitorEventLoopDelay` tells the same, but over all the time since its reset.
 */
export class LoopDelay {
  delayMs = 0;
  private dueAtMs = performance.now() + PERIOD_MS;
  private readonly timer: NodeJS.Timeout;

  constructor() {
    this.timer = setInterval(() => this.read(performance.now()), PERIOD_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private read(nowMs: number): void {
    const lateMs = Math.max(0, nowMs - this.dueAtMs);
    this.delayMs += NEWEST * (lateMs - this.delayMs);
    this.dueAtMs = nowMs + PERIOD_MS;
  }
}
