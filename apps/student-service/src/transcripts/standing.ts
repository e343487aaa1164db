/**
 * What a transcript amounts to.
 *
 * - Of a course taken more than once the last attempt stands and replaces the ones before, for better or worse.
 * - A withdrawal (`W`) is not an attempt: it changes nothing.
 * - Credits are earned once per course, by a passing attempt that stands; transferred courses and `P` earn them too.
 * - The grade point average weighs grade points by credits; `P`, `W` and transferred courses have no part in it.
 */
import { gradePoints, isPassing, termIndex, type TranscriptEntry } from '@flowchart/contracts';

/** The attempt that stands for each course, by code. */
export type Standing = ReadonlyMap<string, TranscriptEntry>;

export function standingOf(entries: readonly TranscriptEntry[]): Standing {
  const standing = new Map<string, TranscriptEntry>();
  for (const entry of entries) {
    if (entry.grade === 'W') continue;
    const before = standing.get(entry.code);
    if (!before || termIndex(before.term) <= termIndex(entry.term)) standing.set(entry.code, entry);
  }
  return standing;
}

/** The attempts that stand and were passed, by code. */
export const passedOf = (standing: Standing): Standing =>
  new Map([...standing].filter(([, { grade }]) => isPassing(grade)));

export const creditsOf = (entries: Iterable<TranscriptEntry>): number => {
  let credits = 0;
  for (const entry of entries) credits += entry.credits;
  return credits;
};

/** To two places, halves up; null before the first graded course. */
export function gradePointAverage(standing: Standing): number | null {
  let [tenths, credits] = [0, 0];
  for (const entry of standing.values()) {
    const points = gradePoints[entry.grade];
    if (points === null || entry.transfer) continue;
    // In tenths, which are whole numbers: sums of 3.7 and 2.3 would pick up errors that show at a boundary.
    tenths += Math.round(points * 10) * entry.credits;
    credits += entry.credits;
  }
  return credits === 0 ? null : Math.round((tenths * 10) / credits) / 100;
}
