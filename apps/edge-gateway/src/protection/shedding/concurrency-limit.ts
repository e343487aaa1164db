export interface ConcurrencyLimitOptions {
  /** An answer should take no longer than this, the wait to be looked at included. */
  readonly targetMs: number;
  readonly min: number;
  readonly max: number;
}

/** What a limit decides on next. */
interface Window {
  readonly beganAtMs: number;
  /** Answers that went out. */
  finished: number;
  /** Requests whose time tells something, and those of them that took too long. */
  judged: number;
  late: number;
  totalMs: number;
  refused: number;
}

/** Fewer answers than this say nothing. */
const SAMPLES_TO_JUDGE = 10;
/** One or two bad windows are a hiccup, of a garbage collection for one; a queue that stays is overload (CoDel's point). */
const WINDOWS_TO_BEGIN = 3;
/** So many times the target in hand cannot be a hiccup: the last in this queue would wait too long for anybody. */
const TARGETS_IN_HAND = 4;
/** The rate is the best of the last windows, as one in which a rush arrives has little time to answer; older ones count less. */
const RATE_KEPT = 0.9;
/** While requests are refused the limit feels its way up, by a tenth where answers take no time and less near the target. */
const STEP_UP = 0.1;
/** While none are it opens quickly. */
const OPENING = 1.5;

/**
 * How many requests may be under way at once, found out by how long they take: Little's law says that a queue is work
 * in hand beyond rate * time, so with fewer in hand each is answered sooner and no fewer are answered.
 *
 * The rule is of the family of `AIMDLimit` and `Gradient2Limit` in Netflix' concurrency-limits ("Performance Under Load",
 * 2018): up in small steps, down at once. Where most answers of a window are late, the limit becomes what gets done within
 * the target: rate * target. Only requests that began after the last cut are judged, as TCP cuts once in a round trip:
 * those before it waited in a queue that is no more. "Most", and not the mean, so that one slow service does not close
 * the door to the others.
 */
export class ConcurrencyLimit {
  private inHand = 0;
  private limitNow: number;
  private cutAtMs = -Infinity;
  private lateWindows = 0;
  private finishedPerMs = 0;
  private window = emptyWindow(0);

  constructor(private readonly options: ConcurrencyLimitOptions) {
    this.limitNow = options.max;
  }

  get limit(): number {
    return Math.floor(this.limitNow);
  }

  get targetMs(): number {
    return this.options.targetMs;
  }

  get inFlight(): number {
    return this.inHand;
  }

  /** Whether one more request would stay within `share` of the limit. */
  hasRoom(share: number): boolean {
    if (this.inHand < Math.max(1, this.limitNow * share)) return true;
    this.window.refused++;
    return false;
  }

  /** Takes a request in that there is room for; `end` has to follow. */
  begin(): void {
    this.inHand++;
  }

  end(): void {
    this.inHand--;
  }

  /** Learns from a request that was begun at `begunAtMs` and took `tookMs`, whether or not it was waited for. */
  learn(begunAtMs: number, tookMs: number, waitedFor = true): void {
    const { window } = this;
    if (waitedFor) window.finished++;
    if (begunAtMs < this.cutAtMs) return;
    window.judged++;
    window.totalMs += tookMs;
    if (tookMs > this.options.targetMs) window.late++;
  }

  /** Ends a window of a tenth of a second or so and decides on the limit of the next. */
  decide(nowMs: number): void {
    const { judged, late } = this.window;
    // What there is too little of is kept for the next window, so that slow requests are judged, too.
    if (judged < SAMPLES_TO_JUDGE && this.inHand > 0) return;
    const { beganAtMs, finished } = this.window;
    const windowMs = Math.max(1, nowMs - beganAtMs);
    this.finishedPerMs = Math.max(finished / windowMs, this.finishedPerMs * RATE_KEPT);
    if (late * 2 > judged) this.tighten(nowMs);
    else this.relax();
    this.window = emptyWindow(nowMs);
  }

  private tighten(nowMs: number): void {
    this.lateWindows++;
    const { min, max, targetMs } = this.options;
    const doneInTarget = this.finishedPerMs * targetMs;
    const mayBeHiccup = this.lateWindows < WINDOWS_TO_BEGIN && this.inHand < doneInTarget * TARGETS_IN_HAND;
    if (this.limitNow === max && mayBeHiccup) return;
    this.limitNow = Math.max(min, Math.min(this.limitNow, doneInTarget));
    this.cutAtMs = nowMs;
  }

  private relax(): void {
    this.lateWindows = 0;
    const { max, targetMs } = this.options;
    const { refused, judged, totalMs } = this.window;
    const room = Math.max(0, 1 - totalMs / Math.max(1, judged) / targetMs);
    const raised = refused > 0 ? this.limitNow * (1 + STEP_UP * room) : this.limitNow * OPENING;
    this.limitNow = Math.min(max, raised);
  }
}

const emptyWindow = (beganAtMs: number): Window => ({
  beganAtMs,
  finished: 0,
  judged: 0,
  late: 0,
  totalMs: 0,
  refused: 0,
});
