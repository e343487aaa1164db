// What the search found, in a sentence.

import type { KneeStep } from '../analysis/findings.js';
import { formatCount } from '../reports/format.js';
import type { KneeSearch } from './knee-search.js';

export interface SearchEnd {
  readonly steps: readonly KneeStep[];
  readonly timeRanOut: boolean;
  readonly maxPerSecond: number;
}

export function explainKnee(
  { good, broken }: Pick<KneeSearch, 'good' | 'broken'>,
  { steps, timeRanOut, maxPerSecond }: SearchEnd,
): string {
  const upTo = good === 0 ? 'no rate was sustainable' : `${formatCount(good)} requests/s were sustainable`;
  const early = timeRanOut ? ', and time ran out before it was known more exactly' : '';
  if (!broken) {
    if (steps.length === 0) return 'no rate was held for as long as a step takes';
    if (good >= maxPerSecond)
      return `${upTo}, the highest rate that the search may try: the knee lies above it`;
    return `${upTo}, and no higher rate was tried to the end${early}`;
  }
  if (broken.outcome === 'unclear') {
    return `${upTo}, but at ${formatCount(broken.rate)}/s the generator itself did not keep up: the knee of the system lies above${early}`;
  }
  return `${upTo}, ${formatCount(broken.rate)}/s were not (${lastReason(steps, broken.rate)})${early}`;
}

const lastReason = (steps: readonly KneeStep[], rate: number): string =>
  steps.findLast((step) => step.ratePerSecond === rate && !step.sustainable)?.reason ?? '';
