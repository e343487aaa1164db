import { RecentMap } from '@flowchart/kernel';
import type { SharedBuckets } from './shared-buckets.js';
import { type Grant, type Rate, TokenBucket } from './token-bucket.js';

/** Whether a request may pass, and what its client is told about it. */
export interface Verdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until the bucket is full again. */
  readonly resetSeconds: number;
  /** Until it makes sense to try again; 0 where the request may pass. */
  readonly retryAfterSeconds: number;
}

/** A twentieth of the burst is asked for at once: an active user costs Redis one call for so many requests. */
const LEASES_IN_BURST = 20;
/** What is left of a lease by then is given up: it was counted, but nobody has used it. */
const LEASE_MS = 10_000;
/** About 200 bytes each. */
const REMEMBERED_KEYS = 50_000;

/** What this process knows of the bucket of one key. */
interface Tally {
  /** Tokens that were taken out of the bucket and not spent yet. */
  leased: number;
  leaseEndsAtMs: number;
  /** Left in the shared bucket when it was last asked. */
  remaining: number;
  /** Until then the shared bucket is known to be empty. */
  emptyUntilMs: number;
  /** Requests that wait for the lease that is being asked for. */
  waiting: number;
  asked: Promise<void> | undefined;
  /** Stands in for the shared bucket while that does not answer. */
  local: TokenBucket | undefined;
}

/**
 * A rate for each key, kept by a bucket that all processes share. A process takes tokens out in small leases and spends
 * them by itself. No token is ever spent twice, so all processes together admit at most what the bucket gives; as a lease
 * may be spent later than it was taken, a window of T seconds admits up to burst + rate * T and one lease of each process.
 *
 * While the shared bucket does not answer, each process keeps the rate for itself.
 */
export class LeasedLimit {
  private readonly tallies = new RecentMap<string, Tally>(REMEMBERED_KEYS);
  private readonly lease: number;

  constructor(
    private readonly rate: Rate,
    private readonly shared: Pick<SharedBuckets, 'take'>,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.lease = Math.max(1, Math.floor(rate.burst / LEASES_IN_BURST));
  }

  /** Takes a token of `key`: at once where this process holds a lease or knows that there is none, else it has to ask. */
  take(key: string): Verdict | Promise<Verdict> {
    const tally = this.tallyOf(key);
    return this.decided(tally) ?? this.askAndTake(key, tally);
  }

  private decided(tally: Tally): Verdict | undefined {
    const nowMs = this.nowMs();
    if (tally.leased > 0 && nowMs < tally.leaseEndsAtMs) {
      tally.leased--;
      return this.verdict(tally, 0);
    }
    return nowMs < tally.emptyUntilMs ? this.verdict(tally, tally.emptyUntilMs - nowMs) : undefined;
  }

  private async askAndTake(key: string, tally: Tally): Promise<Verdict> {
    tally.waiting++;
    try {
      for (;;) {
        await (tally.asked ??= this.ask(key, tally).finally(() => (tally.asked = undefined)));
        const verdict = this.decided(tally);
        if (verdict) return verdict;
      }
    } finally {
      tally.waiting--;
    }
  }

  private async ask(key: string, tally: Tally): Promise<void> {
    const wanted = tally.waiting + this.lease - 1;
    const grant = (await this.shared.take(key, this.rate, wanted)) ?? this.takeLocally(tally);
    const nowMs = this.nowMs();
    tally.leased = grant.granted;
    tally.leaseEndsAtMs = nowMs + LEASE_MS;
    tally.remaining = grant.remaining;
    tally.emptyUntilMs = grant.remaining > 0 ? 0 : nowMs + Math.max(1, grant.retryAfterMs);
  }

  private takeLocally(tally: Tally): Grant {
    tally.local ??= new TokenBucket(this.rate);
    return tally.local.take(tally.waiting, this.nowMs());
  }

  private tallyOf(key: string): Tally {
    const known = this.tallies.get(key);
    if (known) return known;
    const tally: Tally = {
      leased: 0,
      leaseEndsAtMs: 0,
      remaining: this.rate.burst,
      emptyUntilMs: 0,
      waiting: 0,
      asked: undefined,
      local: undefined,
    };
    this.tallies.set(key, tally);
    return tally;
  }

  private verdict({ leased, remaining }: Tally, retryAfterMs: number): Verdict {
    const { burst, perSecond } = this.rate;
    const left = leased + remaining;
    return {
      allowed: retryAfterMs === 0,
      limit: burst,
      remaining: left,
      resetSeconds: Math.ceil((burst - left) / perSecond),
      retryAfterSeconds: Math.ceil(retryAfterMs / 1000),
    };
  }
}
