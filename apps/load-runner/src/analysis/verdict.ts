// The one answer a run ends with, and the exit code that carries it.

import { formatDuration } from '../profiles/duration.js';
import type { AuditCheck } from './findings.js';
import type { GeneratorVerdict, ThresholdResult, Verdict } from './record.js';

/** The contract's exit codes; 99, 104 and 105 are k6's. */
export const exitCodes = {
  passed: 0,
  thresholdFailed: 99,
  badConfiguration: 104,
  interrupted: 105,
  generatorOverloaded: 120,
  regression: 121,
  targetUnreachable: 122,
  inconclusive: 123,
} as const;

export interface Findings {
  readonly thresholds: readonly ThresholdResult[];
  readonly generator: GeneratorVerdict;
  readonly interrupted: boolean;
  readonly requests: number;
  /** Arrivals that never became a request. */
  readonly dropped: number;
  /** Why the run ended itself before its time. */
  readonly stopped: string | undefined;
  readonly audit?: readonly AuditCheck[] | undefined;
}

/** An interrupted run has no say, an invalid one no credit; only then do the thresholds decide. */
export function judge(found: Findings): Verdict {
  const { thresholds, generator, interrupted, requests, dropped, stopped, audit = [] } = found;
  const early = stopped === undefined ? [] : [`${stopped.charAt(0).toUpperCase()}${stopped.slice(1)}.`];
  const failures = [
    ...audit.filter(({ violations }) => violations > 0).map(describeViolation),
    ...complaintAboutDrops(thresholds, dropped),
    ...thresholds.filter((threshold) => !threshold.ok).map(describeThreshold),
  ];
  if (interrupted) {
    const soFar = failures.map((failure) => `So far: ${failure}`);
    return {
      exitCode: exitCodes.interrupted,
      outcome: 'interrupted',
      reasons: ['The run was interrupted; its figures are of the part that ran.', ...soFar],
    };
  }
  if (!generator.valid) {
    return {
      exitCode: exitCodes.generatorOverloaded,
      outcome: 'invalid',
      reasons: [generator.explanation, ...early, ...failures],
    };
  }
  if (requests === 0) {
    return {
      exitCode: exitCodes.thresholdFailed,
      outcome: 'failed',
      reasons: ['Not one request was measured.', ...early, ...failures],
    };
  }
  if (failures.length > 0)
    return { exitCode: exitCodes.thresholdFailed, outcome: 'failed', reasons: [...early, ...failures] };
  return {
    exitCode: exitCodes.passed,
    outcome: 'passed',
    reasons: [...early, describeHeld(thresholds.length)],
  };
}

function describeHeld(thresholds: number): string {
  if (thresholds === 0) return 'The profile has no thresholds.';
  return thresholds === 1 ? 'The one threshold held.' : `All ${thresholds} thresholds held.`;
}

/** A system that loses what it acknowledged has failed, however fast it was: no threshold is needed for that. */
const describeViolation = ({ name, violations, examples }: AuditCheck): string =>
  `Audit, ${name}: ${violations === 1 ? '1 violation' : `${violations} violations`}. ${examples[0] ?? ''}`;

/** Load that was not applied has no latency to fail a threshold with, so it fails the run; a threshold may allow some. */
function complaintAboutDrops(thresholds: readonly ThresholdResult[], dropped: number): string[] {
  if (dropped === 0 || thresholds.some(({ metric }) => metric.startsWith('dropped_requests'))) return [];
  const what = dropped === 1 ? '1 arrival was' : `${dropped} arrivals were`;
  return [
    `${what} dropped: no connection was free, the queue was full or the run was over. The load was not applied as ` +
      'asked for; a threshold on dropped_requests can allow it.',
  ];
}

/** `http_req_duration p(95)<500`, and ` in any 30s` when it has a window: no two thresholds of a run have the same. */
export const thresholdName = (one: Pick<ThresholdResult, 'metric' | 'condition' | 'windowMs'>): string =>
  `${one.metric} ${conditionName(one)}`;

export const conditionName = ({
  condition,
  windowMs = 0,
}: Pick<ThresholdResult, 'condition' | 'windowMs'>): string =>
  windowMs > 0 ? `${condition} in any ${formatDuration(windowMs)}` : condition;

/** `http_req_duration p(95)<500: was 612.4.` */
export function describeThreshold(one: ThresholdResult): string {
  const { actual, windowMs = 0, worstAtSecond, reason } = one;
  const name = thresholdName(one);
  if (reason !== undefined) return `${name}: ${reason}.`;
  if (actual === undefined) return `${name}: there were no samples, which fails.`;
  const value = Number(actual.toPrecision(4));
  if (worstAtSecond === undefined) return `${name}: was ${value}.`;
  return `${name}: was ${value} at worst, in the ${formatDuration(windowMs)} up to second ${worstAtSecond}.`;
}
