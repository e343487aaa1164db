/** A bucket that holds `burst` tokens and gets `perSecond` new ones each second. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What a bucket gave. */
export interface Grant {
  /** As many tokens as were wanted, or fewer; 0 is a refusal. */
  readonly granted: number;
  /** Left in the bucket. */
  readonly remaining: number;
  /** Until the bucket has a token again; 0 while it has one. */
  readonly retryAfterMs: number;
}

/**
 * A token bucket as the generic cell rate algorithm keeps it (ITU-T I.371, "virtual scheduling"): the only state is the
 * time at which the bucket will be full again. Each token taken moves it by 1 / rate, and a token is there as long as
 * it is no more than burst / rate away. Times in milliseconds of any steady clock.
 */
export class TokenBucket {
  private fullAtMs = 0;

  constructor(private readonly rate: Rate) {}

  take(wanted: number, nowMs: number): Grant {
    const { perSecond, burst } = this.rate;
    const intervalMs = 1000 / perSecond;
    const fullAtMs = Math.max(this.fullAtMs, nowMs);
    const free = burst - (fullAtMs - nowMs) / intervalMs;
    const granted = Math.min(wanted, wholeTokens(free));
    this.fullAtMs = fullAtMs + granted * intervalMs;
    const left = free - granted;
    return {
      granted,
      remaining: wholeTokens(left),
      retryAfterMs: left >= 1 ? 0 : Math.ceil((1 - left) * intervalMs),
    };
  }
}

/** Times are sums of fractions: a token that lacks a billionth is there. */
const wholeTokens = (tokens: number): number => Math.max(0, Math.floor(tokens + 1e-9));
