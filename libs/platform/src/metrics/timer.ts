/** Durations by tags: a histogram that is cheap to record in and never has more series than it may. */
import type { Registry } from 'prom-client';

/** Upper bounds in seconds: finer than prom-client's default where a cached answer lives. */
const BOUNDS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MAX_WINDOW_MS = 120_000;
const MS_PER_SECOND = 1000;
/** What a timer may show where nothing else is said: ten series with their buckets. */
const USUAL_MOST_SAMPLES = 10 * (BOUNDS_SECONDS.length + 3);

export interface TimerOptions {
  /**
   * Lines that it may take of the page of metrics. Tags that come when they are used up are counted together, under
   * `OTHER` for each tag but `outcome`: the totals stay true, whatever a client thinks of.
   */
  readonly mostSamples?: number;
  /** Which tags show how long it took by buckets; the others show how often, and how long together. All, by default. */
  readonly hasBuckets?: (tags: Tags) => boolean;
}

export type Tags = Readonly<Record<string, string>>;

/** One request of many, by which to look into a bucket: https://prometheus.io/docs/specs/om/open_metrics_spec/#exemplars */
interface Exemplar {
  readonly traceId: string;
  readonly seconds: number;
  readonly atSeconds: number;
}

/** The durations recorded under one set of tags. Recording is two additions and a bucket. */
export class TimerSeries {
  readonly buckets = new Float64Array(BOUNDS_SECONDS.length + 1);
  /** The last of each bucket whose trace is recorded. */
  readonly exemplars: (Exemplar | undefined)[] = [];
  sumSeconds = 0;
  private maxSecondsNow = 0;
  private maxSecondsBefore = 0;
  private windowEndsAtMs = 0;

  constructor(readonly tags: Tags) {}

  /** `traceId`: where somebody may look it up. */
  record(seconds: number, traceId?: string): void {
    let bucket = 0;
    while (bucket < BOUNDS_SECONDS.length && seconds > (BOUNDS_SECONDS[bucket] as number)) bucket++;
    this.buckets[bucket] = (this.buckets[bucket] as number) + 1;
    this.sumSeconds += seconds;
    if (seconds > this.maxSecondsNow) this.maxSecondsNow = seconds;
    if (traceId !== undefined)
      this.exemplars[bucket] = { traceId, seconds, atSeconds: Date.now() / MS_PER_SECOND };
  }

  get count(): number {
    return this.buckets.reduce((sum, inBucket) => sum + inBucket, 0);
  }

  /** The longest duration of the last two to four minutes, as Micrometer's decaying maximum. */
  maxSeconds(nowMs = Date.now()): number {
    if (nowMs >= this.windowEndsAtMs) {
      this.maxSecondsBefore = this.maxSecondsNow;
      this.maxSecondsNow = 0;
      this.windowEndsAtMs = nowMs + MAX_WINDOW_MS;
    }
    return Math.max(this.maxSecondsNow, this.maxSecondsBefore);
  }
}

interface Sample {
  metricName: string;
  value: number;
  labels: Record<string, string | number>;
  /** prom-client shows it where it writes OpenMetrics. */
  exemplar?: { labelSet: Record<string, string>; value: number; timestamp: number };
}

/**
 * A histogram that prom-client exposes but that does not go through prom-client to record: its `observe` hashes the
 * label values at every call, which costs more than the rest of a cached answer's metrics together.
 */
export class Timer {
  private readonly series = new Map<string, TimerSeries>();
  private samplesLeft: number;
  private readonly hasBuckets: (tags: Tags) => boolean;

  constructor(
    readonly name: string,
    readonly help: string,
    { mostSamples = USUAL_MOST_SAMPLES, hasBuckets = () => true }: TimerOptions = {},
  ) {
    this.samplesLeft = mostSamples;
    this.hasBuckets = hasBuckets;
  }

  /** The series of these tags; keep it and call `record` on it where it matters. */
  for(tags: Tags): TimerSeries {
    const known = this.series.get(keyOf(tags));
    if (known) return known;
    const cost = this.hasBuckets(tags) ? BOUNDS_SECONDS.length + 3 : 2;
    if (cost > this.samplesLeft) return this.folded(tags);
    this.samplesLeft -= cost;
    return this.add(tags);
  }

  get hasExemplars(): boolean {
    return this.all().some(({ exemplars }) => exemplars.length > 0);
  }

  all(): TimerSeries[] {
    return [...this.series.values()];
  }

  /** Hands the timer to a registry, which asks `get` at each scrape. */
  register(registry: Registry): this {
    registry.registerMetric(this as never);
    return this;
  }

  /** The shape prom-client reads from every metric it exposes. */
  async get(): Promise<{ name: string; help: string; type: string; aggregator: string; values: Sample[] }> {
    const values = this.all().flatMap((series) => this.samples(series));
    return { name: this.name, help: this.help, type: 'histogram', aggregator: 'sum', values };
  }

  /** For prom-client, which asks it of every metric; nobody resets what others keep series of. */
  reset(): void {
    this.series.clear();
  }

  private add(tags: Tags): TimerSeries {
    const series = new TimerSeries(tags);
    this.series.set(keyOf(tags), series);
    return series;
  }

  /** Outcomes are few, so that these need no limit of their own. */
  private folded(tags: Tags): TimerSeries {
    const others = Object.entries(tags).map(([tag, value]) => [tag, tag === 'outcome' ? value : OTHER]);
    const folded = Object.fromEntries(others) as Tags;
    return this.series.get(keyOf(folded)) ?? this.add(folded);
  }

  private samples(series: TimerSeries): Sample[] {
    const { sumSeconds, count, tags } = series;
    const samples = this.hasBuckets(tags) ? this.bucketSamples(series) : [];
    samples.push({ metricName: `${this.name}_sum`, value: sumSeconds, labels: { ...tags } });
    samples.push({ metricName: `${this.name}_count`, value: count, labels: { ...tags } });
    return samples;
  }

  private bucketSamples({ buckets, exemplars, tags }: TimerSeries): Sample[] {
    let count = 0;
    return [...buckets].map((inBucket, index): Sample => {
      count += inBucket;
      const le = BOUNDS_SECONDS[index] ?? '+Inf';
      const sample = { metricName: `${this.name}_bucket`, value: count, labels: { ...tags, le } };
      const one = exemplars[index];
      if (!one) return sample;
      const { traceId, seconds: value, atSeconds: timestamp } = one;
      return { ...sample, exemplar: { labelSet: { trace_id: traceId }, value, timestamp } };
    });
  }
}

const OTHER = 'OTHER';

const keyOf = (tags: Tags): string => Object.values(tags).join('\u0000');
