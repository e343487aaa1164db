/**
 * Which passed course counts for which requirement.
 *
 * A course counts once. Requirements are served from the most specific to the least: `ALL_OF`, then `CHOOSE_N`, then
 * `CREDITS_FROM`; among the same kind the one with fewer eligible courses first, then in the degree's own order. Each
 * takes what it needs and no more, and of its candidates first those that fewest of the requirements after it could
 * use. Greedy, hence explainable to a student; what it leaves over is never something an open requirement could take.
 */
import type { TranscriptEntry } from '@flowchart/contracts';
import type { Standing } from '../transcripts/standing.js';
import type { Demand } from './eligibility.js';

/** The courses that count, by the requirement's id. */
export type Allocation = ReadonlyMap<string, readonly TranscriptEntry[]>;

export function allocate(demands: readonly Demand[], passed: Standing): Allocation {
  const free = new Map(passed);
  const order = demands.toSorted(fromMostSpecific);
  const allocation = new Map<string, TranscriptEntry[]>();
  order.forEach((demand, position) => {
    const taken = take(demand, free, order.slice(position + 1));
    for (const { code } of taken) free.delete(code);
    allocation.set(demand.requirement.id, taken);
  });
  return allocation;
}

const kindOrder = { ALL_OF: 0, CHOOSE_N: 1, CREDITS_FROM: 2 } as const;

const fromMostSpecific = (a: Demand, b: Demand): number =>
  kindOrder[a.requirement.kind] - kindOrder[b.requirement.kind] || a.eligible.size - b.eligible.size;

function take(
  { eligible, needed, unit }: Demand,
  free: Standing,
  later: readonly Demand[],
): TranscriptEntry[] {
  const wantedLater = ({ code }: TranscriptEntry): number =>
    later.filter((demand) => demand.eligible.has(code)).length;
  const candidates = [...free.values()]
    .filter(({ code }) => eligible.has(code))
    .map((entry) => ({ entry, wanted: wantedLater(entry) }))
    .sort((a, b) => a.wanted - b.wanted);
  const taken: TranscriptEntry[] = [];
  let open = needed;
  for (const { entry } of candidates) {
    if (open <= 0) break;
    taken.push(entry);
    open -= unit === 'COURSES' ? 1 : entry.credits;
  }
  return taken;
}
