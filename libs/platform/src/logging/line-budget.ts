// Lets so many lines a second through, and counts the others.
export class LineBudget {
  private tokens: number;
  private filledAtMs: number;
  private suppressed = 0;

  /** After a pause it lets one second's lines through at once. `nowMs` is a clock that only goes forward. */
  constructor(
    private readonly perSecond: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.tokens = perSecond;
    this.filledAtMs = nowMs();
  }

  /** Whether a line may be written; where not, it is counted as suppressed. */
  take(): boolean {
    const nowMs = this.nowMs();
    const gained = ((nowMs - this.filledAtMs) / 1000) * this.perSecond;
    this.tokens = Math.min(Math.max(this.perSecond, 1), this.tokens + gained);
    this.filledAtMs = nowMs;
    if (this.perSecond > 0 && this.tokens >= 1) {
      this.tokens--;
      return true;
    }
    this.suppressed++;
    return false;
  }

  /** How many were suppressed since this was last asked, as a field of the line that tells it. */
  told(): { suppressed?: number } {
    const { suppressed } = this;
    this.suppressed = 0;
    return suppressed > 0 ? { suppressed } : {};
  }
}
