// The trend of a series with its uncertainty, by ranks: neither outliers nor the shape of the noise matter.

export interface Trend {
  /** Per step of the series. */
  readonly slope: number;
  /** 95 % confidence interval of the slope. */
  readonly low: number;
  readonly high: number;
}

/** Of the standard normal distribution, two-sided 95 %. */
const z95 = 1.96;
/** An estimate from a few points may claim that nothing ever changes. */
const maxCorrelation = 0.9;

/**
 * Theil-Sen: the median of the slopes between all pairs of points. Up to 29 % of the points may be anything at all.
 *
 * The interval is Sen's (Estimates of the Regression Coefficient Based on Kendall's Tau, JASA 63, 1968): of the N
 * sorted slopes those at (N ± C)/2, with C = z · √Var(S) and Var(S) = n(n − 1)(2n + 5)/18 of Kendall's S.
 *
 * That holds for points that are independent, and a process' memory is not: a minute is much like the one before, and
 * chance then looks like a trend. So Var(S) is multiplied by n/n* = 1 + 2 Σ (1 − k/n) ρ^k, ρ being the correlation of
 * neighbours when the trend is taken away (Yue & Wang, The Mann-Kendall Test Modified by Effective Sample Size, Water
 * Resources Management 18, 2004; the factor is Bayley & Hammersley's of 1946).
 */
export function theilSen(values: readonly number[]): Trend {
  const slopes = pairSlopes(values);
  const slope = middle(slopes);
  const n = values.length;
  const variance = ((n * (n - 1) * (2 * n + 5)) / 18) * inflation(n, neighbourCorrelation(values, slope));
  const spread = z95 * Math.sqrt(variance);
  const at = (rank: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, rank))] ?? 0;
  return {
    slope,
    low: at(Math.floor((slopes.length - spread) / 2)),
    high: at(Math.ceil((slopes.length + spread) / 2)),
  };
}

function pairSlopes(values: readonly number[]): number[] {
  const slopes: number[] = [];
  for (const [i, from] of values.entries()) {
    for (let j = i + 1; j < values.length; j++) slopes.push(((values[j] ?? 0) - from) / (j - i));
  }
  return slopes.sort((a, b) => a - b);
}

/** Lag-1 autocorrelation of what the trend leaves; one below 0 would narrow the interval, and is not believed. */
function neighbourCorrelation(values: readonly number[], slope: number): number {
  const rest = values.map((value, index) => value - slope * index);
  const mean = rest.reduce((sum, value) => sum + value, 0) / rest.length;
  const deviations = rest.map((value) => value - mean);
  const variance = deviations.reduce((sum, value) => sum + value * value, 0);
  if (variance === 0) return 0;
  const covariance = deviations.reduce((sum, value, index) => sum + value * (deviations[index + 1] ?? 0), 0);
  return Math.min(maxCorrelation, Math.max(0, covariance / variance));
}

function inflation(n: number, correlation: number): number {
  let factor = 1;
  for (let lag = 1; lag < n; lag++) factor += 2 * (1 - lag / n) * correlation ** lag;
  return factor;
}

/** Of a sorted list. */
function middle(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2;
}
