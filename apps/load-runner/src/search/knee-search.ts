// Which rate to try next: up in factors until a rate is not sustainable, then between the last that was and the first that was not.

export interface SearchRange {
  readonly startPerSecond: number;
  /** Factor from one rate to the next on the way up, and down when not even the first is sustainable. */
  readonly growth: number;
  /** The search ends when the first broken rate is within this share of the last good one. */
  readonly precision: number;
  readonly maxPerSecond: number;
}

/** `broken`: by the system; `unclear`: the generator did not keep up, so nobody can tell. */
export type StepOutcome = 'sustainable' | 'broken' | 'unclear';

export type SearchStage = 'stepping up' | 'stepping down' | 'bisecting' | 'confirming';

/**
 * One bad step may be chance, so a rate counts as broken only when it is broken twice in a row. At the end each of the two
 * bounds is tried once more: a wrong answer early in the search would otherwise be bisected to the last digit.
 */
export class KneeSearch {
  private current: number | undefined;
  /** The current rate was broken once. */
  private doubted = false;
  private readonly outcomes = new Map<number, StepOutcome>();
  /** In the order in which they were decided. */
  private readonly decided: number[] = [];
  private readonly confirmed = new Set<number>();

  constructor(private readonly range: SearchRange) {
    this.current = Math.min(range.startPerSecond, range.maxPerSecond);
  }

  /** Requests per second to try now; undefined when the search is over. */
  get rate(): number | undefined {
    return this.current;
  }

  /** Whether the current rate is tried once more because it was broken once. */
  get again(): boolean {
    return this.doubted;
  }

  /** What the current rate is tried for; undefined when the search is over. */
  get stage(): SearchStage | undefined {
    if (this.current === undefined) return undefined;
    if (!this.broken) return 'stepping up';
    if (this.good === 0) return 'stepping down';
    return this.outcomes.has(this.current) ? 'confirming' : 'bisecting';
  }

  /**
   * About how many steps are left, the one under way included; undefined as long as nobody knows on which rates the
   * knee lies between. Each halving takes the root of the bounds' ratio, and every other one is broken and tried twice.
   */
  get stepsLeft(): number | undefined {
    const { stage, good, broken } = this;
    if (!broken || (stage !== 'bisecting' && stage !== 'confirming')) return undefined;
    const bounds = [good, broken.rate];
    if (stage === 'confirming') return bounds.filter((rate) => !this.confirmed.has(rate)).length;
    const halvings = Math.ceil(Math.log2(Math.log(broken.rate / good) / Math.log(1 + this.range.precision)));
    return Math.round(halvings * 1.5) + bounds.length;
  }

  /** The highest sustainable rate below every broken one; 0 when there is none. */
  get good(): number {
    const limit = Math.min(...this.ratesThatAre('broken', 'unclear'));
    return Math.max(0, ...this.ratesThatAre('sustainable').filter((rate) => rate < limit));
  }

  /** The lowest rate that was not sustainable, and whose fault that was; undefined when there is none. */
  get broken(): { readonly rate: number; readonly outcome: StepOutcome } | undefined {
    const rate = Math.min(...this.ratesThatAre('broken', 'unclear'));
    const outcome = this.outcomes.get(rate);
    return outcome && { rate, outcome };
  }

  /** What became of the current rate. */
  tell(outcome: StepOutcome): void {
    if (this.current === undefined) return;
    if (outcome !== 'sustainable' && !this.doubted && this.outcomes.get(this.current) !== outcome) {
      this.doubted = true;
      return;
    }
    this.doubted = false;
    this.decide(this.current, outcome);
    this.current = this.following();
  }

  private decide(rate: number, outcome: StepOutcome): void {
    if (this.outcomes.has(rate)) this.confirmed.add(rate);
    this.outcomes.set(rate, outcome);
    // What is sustainable is so at lower rates, too: an older answer to the contrary was chance.
    for (const other of outcome === 'sustainable' ? this.ratesThatAre('broken', 'unclear') : []) {
      if (other < rate) this.outcomes.delete(other);
    }
    this.decided.push(rate);
  }

  private following(): number | undefined {
    const { good, broken } = this;
    const { growth, maxPerSecond, precision } = this.range;
    if (!broken) return good >= maxPerSecond ? undefined : Math.min(stepUp(good, growth), maxPerSecond);
    if (good === 0) return broken.rate <= 1 ? undefined : Math.max(1, Math.floor(broken.rate / growth));
    const middle = Math.round(Math.sqrt(good * broken.rate));
    if (broken.rate / good > 1 + precision && middle > good && middle < broken.rate) return middle;
    return this.unconfirmed(good, broken.rate);
  }

  /** A bound that was tried only once, the older one first. */
  private unconfirmed(good: number, broken: number): number | undefined {
    const bounds = [good, broken].sort((a, b) => this.decided.lastIndexOf(a) - this.decided.lastIndexOf(b));
    return bounds.find((rate) => !this.confirmed.has(rate));
  }

  private ratesThatAre(...wanted: readonly StepOutcome[]): number[] {
    return [...this.outcomes].filter(([, outcome]) => wanted.includes(outcome)).map(([rate]) => rate);
  }
}

const stepUp = (rate: number, growth: number): number => Math.max(rate + 1, Math.round(rate * growth));
