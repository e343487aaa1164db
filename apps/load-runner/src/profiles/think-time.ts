// How long a user looks at a page before the next click: a distribution, sampled from a stream of uniform numbers.

export type ThinkTime =
  | { readonly distribution: 'constant'; readonly valueMs: number }
  | { readonly distribution: 'uniform'; readonly minMs: number; readonly maxMs: number }
  | { readonly distribution: 'exponential'; readonly meanMs: number }
  | { readonly distribution: 'lognormal'; readonly medianMs: number; readonly p95Ms: number };

/** Standard normal quantile of 0.95: by it a log-normal's spread follows from its median and its p95. */
const z95 = 1.6448536269514722;

const spread = (medianMs: number, p95Ms: number): number => Math.log(p95Ms / medianMs) / z95;

/** One think time in milliseconds; `uniform` gives numbers from 0 (included) to 1 (excluded). */
export function sampleThinkMs(think: ThinkTime, uniform: () => number): number {
  switch (think.distribution) {
    case 'constant':
      return think.valueMs;
    case 'uniform':
      return think.minMs + uniform() * (think.maxMs - think.minMs);
    case 'exponential':
      return -Math.log(1 - uniform()) * think.meanMs;
    case 'lognormal': {
      // Box-Muller: two uniform numbers make a normal one.
      const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
      return think.medianMs * Math.exp(spread(think.medianMs, think.p95Ms) * normal);
    }
  }
}

/** Expected value in milliseconds: what a profile's offered load follows from. */
export function meanThinkMs(think: ThinkTime): number {
  switch (think.distribution) {
    case 'constant':
      return think.valueMs;
    case 'uniform':
      return (think.minMs + think.maxMs) / 2;
    case 'exponential':
      return think.meanMs;
    case 'lognormal':
      return think.medianMs * Math.exp(spread(think.medianMs, think.p95Ms) ** 2 / 2);
  }
}
