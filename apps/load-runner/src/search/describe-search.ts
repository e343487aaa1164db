// Where a search stands, in a phrase for whoever watches it.

import { formatDuration } from '../profiles/duration.js';
import { formatCount } from '../reports/format.js';
import type { KneeSearch } from './knee-search.js';

export interface SearchMoment {
  /** A rate is held, or the system is left alone before it. */
  readonly recovering: boolean;
  /** Until the profile's time is over. */
  readonly msLeft: number;
}

/** `bisecting 400 to 800/s: now 566/s, best 400/s, about 5 steps left, at most 12m30s`; undefined when the search is over. */
export function describeSearch(
  search: Pick<KneeSearch, 'rate' | 'again' | 'good' | 'broken' | 'stage' | 'stepsLeft'>,
  { recovering, msLeft }: SearchMoment,
): string | undefined {
  const { rate, again, good, broken, stage, stepsLeft } = search;
  if (rate === undefined || stage === undefined) return undefined;
  const between = broken && good > 0 ? ` ${formatCount(good)} to ${formatCount(broken.rate)}/s` : '';
  const doing = recovering ? `system recovers before ${formatCount(rate)}/s` : `now ${formatCount(rate)}/s`;
  return [
    `${stage}${between}: ${doing}${again ? ' once more' : ''}`,
    good === 0 ? 'none sustained yet' : `best ${formatCount(good)}/s`,
    ...(stepsLeft === undefined ? [] : [`about ${stepsLeft} ${stepsLeft === 1 ? 'step' : 'steps'} left`]),
    `at most ${formatDuration(Math.max(0, msLeft))}`,
  ].join(', ');
}
