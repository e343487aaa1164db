// Little's law for an interactive system, held against each stage: N = X·(R + Z).
//
// N users on average, X requests a second, R the time from wanting an answer to having it, Z the time in thought between
// two requests (Denning & Buzen, "The Operational Analysis of Queueing Network Models", 1978). It is an identity of any
// closed system in a steady state, so a gap tells that counts, times or users were measured wrongly. In the open model N is
// the requests that have arrived and are not answered, and nobody thinks: L = λ·W, Little's law itself.

import type { StageTotals } from '../engine/timeline.js';
import type { LittleCheck } from './record.js';

/** A gap of 5 % is more than the edges of a stage explain once it is this many cycles of a user long. */
const conclusiveCycles = 10;
/** From this share on, the report calls the gap a fault. */
export const littleTolerance = 0.05;

export function checkLittle({ seconds, requests, counters }: StageTotals): LittleCheck | null {
  if (seconds === 0 || requests === 0) return null;
  const users = counters.userMs / 1000 / seconds;
  const requestsPerSecond = requests / seconds;
  const responseMs = counters.busyMs / requests;
  const thinkMs = counters.thinkMs / requests;
  const cycleMs = responseMs + thinkMs;
  const gap = users === 0 ? 0 : Math.abs(users - (requestsPerSecond * cycleMs) / 1000) / users;
  // Counting n requests has an uncertainty of its own, about 1/√n.
  const conclusive = seconds * 1000 >= conclusiveCycles * cycleMs && requests >= 1000;
  return { users, requestsPerSecond, responseMs, thinkMs, gap, conclusive };
}
