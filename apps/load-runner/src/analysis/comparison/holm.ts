// Several tests at once: p values raised so that the chance of any false alarm among them stays at alpha.

/**
 * Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979): the
 * smallest of m values times m, the next times m − 1, and so on, none below the one before it. It holds whatever the tests
 * have to do with each other, which matters here: p50, p95 and p99 rise and fall together.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = values.map(() => 1);
  let highest = 0;
  for (const [place, { p, index }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, p * (values.length - place)));
    adjusted[index] = highest;
  }
  return adjusted;
}
