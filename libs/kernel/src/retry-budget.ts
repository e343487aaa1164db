export interface RetryBudgetOptions {
  /** Retries that each request pays for: 0.1 lets a tenth of the recent requests be repeated. */
  readonly share: number;
  /** Retries a second that are free, for who calls too rarely to pay for one. */
  readonly perSecond: number;
  /** The most that can be saved up. */
  readonly most: number;
}

/**
 * Keeps retries a small share of the requests, so that an outage is not met with twice the load: a token bucket that
 * requests fill and retries empty, as Finagle's (https://twitter.github.io/finagle/guide/Clients.html#retries) and as
 * "Deciding to Retry" in chapter 21 of Site Reliability Engineering. Full at first.
 */
export class RetryBudget {
  private credit: number;
  private grantedAtMs: number;

  constructor(
    private readonly options: RetryBudgetOptions,
    nowMs = performance.now(),
  ) {
    this.credit = options.most;
    this.grantedAtMs = nowMs;
  }

  /** Retries that are paid for. */
  get balance(): number {
    return this.credit;
  }

  /** A request, and not a retry, is made. */
  pay(): void {
    this.add(this.options.share);
  }

  /** Whether a retry may be made; it is then taken for made. */
  take(nowMs = performance.now()): boolean {
    this.add(((nowMs - this.grantedAtMs) / 1000) * this.options.perSecond);
    this.grantedAtMs = nowMs;
    if (this.credit < 1) return false;
    this.credit--;
    return true;
  }

  private add(credit: number): void {
    this.credit = Math.min(this.options.most, this.credit + credit);
  }
}
