// Whether the generator kept up: a run whose own event loop was late has measured itself, and its figures are void.

import type { Second } from '../engine/timeline.js';
import type { CalibrationFigures, KneeFigures } from './findings.js';
import type { GeneratorVerdict } from './record.js';

/**
 * A second counts as overloaded when the worst worker's event loop was late by this much in 1 % of its turns: every
 * latency taken in it may be that much too long. 100 ms is a fifth of the strictest p95 that a profile is held to.
 */
export const loopDelayLimitMs = 100;
/** An event loop that waits less than this share of the time cannot offer more load, whatever the profile asks. */
export const loopUtilizationLimit = 0.97;
/** One bad second is a hiccup of the machine; this share of them, and at least so many, is a generator too small. */
export const overloadedShareLimit = 0.2;
const overloadedSecondsLimit = 3;

/** Whether the generator was too late or too busy in this second for its figures to be the system's alone. */
export const overloaded = (second: Second): boolean =>
  second.loopDelayP99Ms > loopDelayLimitMs || second.loopUtilization > loopUtilizationLimit;

export function judgeGenerator(seconds: readonly Second[], workers: number): GeneratorVerdict {
  // Without users there is only the wait for the last answers, a fraction of a second.
  const measured = seconds.filter((second) => !second.warmup && second.users > 0);
  const late = measured.filter(overloaded);
  const share = measured.length === 0 ? 0 : late.length / measured.length;
  const valid = !(share > overloadedShareLimit && late.length >= overloadedSecondsLimit);
  const worst = Math.max(0, ...measured.map((second) => second.loopDelayP99Ms));
  const figures = {
    workers,
    loopDelayP99Ms: worst,
    loopUtilization: mean(measured.map((second) => second.loopUtilization)),
    cpu: mean(measured.map((second) => second.generatorCpu)),
    overloadedSeconds: late.length,
    measuredSeconds: measured.length,
  };
  const starved = mean(late.map((second) => second.generatorCpu / workers)) < starvedBelowCpu;
  return { valid, explanation: valid ? praise(figures) : complaint(figures, starved), ...figures };
}

/** A search for the knee judges the generator in each step; what it was like beyond the knee spoils nothing. */
export function judgeSearch(whole: GeneratorVerdict, knee: KneeFigures | undefined): GeneratorVerdict {
  if (!knee) return whole;
  if (knee.generatorLimited) return { ...whole, valid: false, explanation: `${capital(knee.explanation)}.` };
  if (whole.valid) return whole;
  const explanation =
    `The generator was late in ${whole.overloadedSeconds} of ${whole.measuredSeconds} seconds, but kept up in the steps ` +
    'that tell the knee.';
  return { ...whole, valid: true, explanation };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Above this share of the ceiling the generator's own queues begin to show: with 70 % use a request waits 2.3 service times (M/M/1, ρ/(1−ρ)). */
const ceilingShareLimit = 0.7;

/** Says how far from its ceiling the generator was; a warning does not void the run, which its event loops alone decide. */
export function withCeiling(
  verdict: GeneratorVerdict,
  calibration: CalibrationFigures | undefined,
): GeneratorVerdict {
  if (!calibration) return verdict;
  const { share, ceilingPerSecond } = calibration;
  const used =
    `Its busiest second took ${Math.round(share * 100)} % of the ${Math.round(ceilingPerSecond)} requests/s that it can do ` +
    'on this machine';
  const sentence =
    share > ceilingShareLimit
      ? `Warning: ${used.charAt(0).toLowerCase()}${used.slice(1)}, more than ${ceilingShareLimit * 100} %: latencies may be partly its own.`
      : `${used}.`;
  return { ...verdict, explanation: `${verdict.explanation} ${sentence}` };
}

/** An overloaded thread that used less than this share of a core did not lack speed: it was not let run. */
const starvedBelowCpu = 0.6;

type Figures = Omit<GeneratorVerdict, 'valid' | 'explanation'>;

function praise({ overloadedSeconds, measuredSeconds, loopDelayP99Ms }: Figures): string {
  const worst = `at worst its event loop was ${loopDelayP99Ms.toFixed(1)} ms late`;
  if (overloadedSeconds === 0) return `The generator kept up all the time; ${worst}.`;
  return `The generator kept up in ${measuredSeconds - overloadedSeconds} of ${measuredSeconds} seconds, enough for the figures to count; ${worst}.`;
}

function complaint({ overloadedSeconds, measuredSeconds }: Figures, starved: boolean): string {
  const what =
    `The generator was the bottleneck in ${overloadedSeconds} of ${measuredSeconds} seconds (event loop late by more than ` +
    `${loopDelayLimitMs} ms, or busy for more than ${loopUtilizationLimit * 100} % of the time), so the latencies are partly its own. `;
  const remedy = starved
    ? 'Other processes of this machine kept it from running: use fewer --users, or a machine that the system under test does not share.'
    : 'Use more --workers, or fewer --users.';
  return what + remedy;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
