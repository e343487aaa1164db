// An HDR histogram of microseconds that also keeps exact minimum, maximum and sum, and can be moved between threads in pieces.

import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Int32Histogram,
} from 'hdr-histogram-js';

/** The filled buckets of a histogram: what a worker sends each second instead of 90 KB of mostly zeros. */
export interface HistogramDelta {
  /** Lowest value of each filled bucket, in µs. */
  readonly values: Float64Array;
  readonly counts: Float64Array;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
}

/** Three digits keep every figure within 0.1 % of what was recorded, as HdrHistogram's own tools do. */
const significantDigits = 3;
/** Starts at 16 KB, for answers within 4 ms, and grows with the highest value: to 45 KB for a second, 90 KB for an hour. */
const createHistogram = (): Int32Histogram =>
  build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 4000,
    numberOfSignificantValueDigits: significantDigits,
  }) as Int32Histogram;

export class LatencyHistogram {
  /** Made on first need: there is one for every endpoint, stage and kind of answer, and most stay empty. */
  private filled: Int32Histogram | undefined;
  private min = Infinity;
  private max = 0;
  private sum = 0;

  get count(): number {
    return this.filled?.totalCount ?? 0;
  }

  private get histogram(): Int32Histogram {
    return (this.filled ??= createHistogram());
  }

  /** `us` may be a fraction or, by a clock's jitter, just below zero; the library would throw on that. */
  record(us: number): void {
    const value = us > 0 ? Math.round(us) : 0;
    this.histogram.recordValue(value);
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  minMs(): number {
    return this.count === 0 ? 0 : this.min / 1000;
  }

  maxMs(): number {
    return this.max / 1000;
  }

  meanMs(): number {
    return this.count === 0 ? 0 : this.sum / this.count / 1000;
  }

  /** Never above the true maximum, which a bucket's upper edge can be. */
  percentileMs(percentile: number): number {
    if (this.count === 0) return 0;
    if (percentile <= 0) return this.minMs();
    return Math.min(this.histogram.getValueAtPercentile(percentile), this.max) / 1000;
  }

  /** How many values were at most so long; exact to the width of a bucket, 0.1 %. */
  countUpToMs(ms: number): number {
    const { histogram } = this;
    if (ms >= this.maxMs()) return histogram.totalCount;
    const last = histogram.countsArrayIndex(Math.round(ms * 1000));
    let count = 0;
    for (let index = 0; index <= last; index++) count += histogram.getCountAtIndex(index);
    return count;
  }

  /** Takes out everything recorded since the last time. */
  drain(): HistogramDelta | undefined {
    const histogram = this.filled;
    if (!histogram || histogram.totalCount === 0) return undefined;
    const values: number[] = [];
    const counts: number[] = [];
    const last = histogram.countsArrayIndex(histogram.maxValue);
    for (let index = histogram.countsArrayIndex(this.min); index <= last; index++) {
      const count = histogram.getCountAtIndex(index);
      if (count === 0) continue;
      values.push(histogram.valueFromIndex(index));
      counts.push(count);
    }
    const { min, max, sum } = this;
    this.reset();
    return { values: Float64Array.from(values), counts: Float64Array.from(counts), min, max, sum };
  }

  reset(): void {
    this.filled?.reset();
    this.min = Infinity;
    this.max = 0;
    this.sum = 0;
  }

  /** Adds what another thread drained: buckets to buckets, so nothing is lost that one histogram would have kept. */
  merge(delta: HistogramDelta): void {
    for (const [index, value] of delta.values.entries()) {
      this.histogram.recordValueWithCount(value, delta.counts[index] ?? 0);
    }
    this.sum += delta.sum;
    this.min = Math.min(this.min, delta.min);
    this.max = Math.max(this.max, delta.max);
  }

  /** Takes out again what was merged before, so that a window can slide. */
  remove(delta: HistogramDelta): void {
    for (const [index, value] of delta.values.entries()) {
      this.histogram.recordValueWithCount(value, -(delta.counts[index] ?? 0));
    }
    this.sum -= delta.sum;
    if (delta.min <= this.min || delta.max >= this.max) this.findExtremes();
  }

  /** From the buckets, so within 0.1 %: who had the exact ones has left. */
  private findExtremes(): void {
    const { histogram } = this;
    const last = histogram.countsArrayIndex(this.max);
    this.min = Infinity;
    this.max = 0;
    if (histogram.totalCount === 0) return;
    for (let index = 0; index <= last; index++) {
      if (histogram.getCountAtIndex(index) === 0) continue;
      const value = histogram.valueFromIndex(index);
      if (this.min === Infinity) this.min = value;
      this.max = value;
    }
    this.max = histogram.highestEquivalentValue(this.max);
  }

  /**
   * Adds the counts as they lie there, from the other's lowest bucket to its highest: the library's own `add` goes by value
   * as soon as the two have grown to different sizes, as they nearly always have, and thresholds add dozens of histograms
   * each second.
   */
  add({ filled: other, min, max, sum }: LatencyHistogram): void {
    if (!other || other.totalCount === 0) return;
    const { histogram } = this;
    // Where a value is counted does not depend on the size: being as large is enough.
    histogram.recordValueWithCount(max, 0);
    histogram.recordValueWithCount(min, 0);
    const { _counts: counts } = histogram;
    const { _counts: others } = other;
    const last = other.countsArrayIndex(max);
    for (let index = other.countsArrayIndex(min); index <= last; index++) {
      counts[index] = (counts[index] ?? 0) + (others[index] ?? 0);
    }
    histogram.setTotalCount(histogram.totalCount + other.totalCount);
    this.sum += sum;
    this.min = Math.min(this.min, min);
    this.max = Math.max(this.max, max);
  }

  /** HdrHistogram's V2 format, which every HDR tool reads: any percentile can be had from it later, and runs be merged. */
  encode(): string {
    return encodeIntoCompressedBase64(this.histogram);
  }

  /** Reads `encode`'s text; the exact minimum, maximum and mean are not in it and come from the buckets. */
  static decode(text: string): LatencyHistogram {
    const decoded = new LatencyHistogram();
    const source = decodeFromCompressedBase64(text, 32, false) as Int32Histogram;
    decoded.histogram.add(source);
    decoded.max = source.totalCount === 0 ? 0 : source.maxValue;
    decoded.min = source.totalCount === 0 ? Infinity : source.getValueAtPercentile(0);
    decoded.sum = source.mean * source.totalCount;
    return decoded;
  }
}
