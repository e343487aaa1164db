// Which resource was short, and which one first: utilisations, service demands, and the queues that give a shortage away.

import type { BottleneckFigures, SystemSecond } from './findings.js';
import { resourcesOf, type Resource } from './resources.js';

/** What the load did in a second. */
export interface LoadSecond {
  readonly second: number;
  readonly requests: number;
  readonly p95Ms: number;
}

/** Whole seconds in which the load stood still, `toSecond` not among them. */
export interface Stretch {
  readonly level: number;
  readonly fromSecond: number;
  readonly toSecond: number;
}

export interface BottleneckInput {
  readonly system: readonly SystemSecond[];
  /** The measured seconds; others are not looked at. */
  readonly load: readonly LoadSecond[];
  readonly stretches: readonly Stretch[];
  readonly cores: number;
}

/** A queue in front of a server doubles its response time at 50 % and makes it five times as long at 80 % (M/M/1: R = S/(1 − U)). */
const saturated = 0.8;
const window = { seconds: 5, busy: 3 } as const;
/** Over fewer seconds a mean is chance. */
const shortestStretch = 3;

/** A measured second with all that is known about it. */
interface Moment extends LoadSecond {
  readonly values: SystemSecond['values'];
}
interface Period {
  readonly level: number;
  readonly moments: readonly Moment[];
}

/**
 * Ranks the resources, the most saturated first.
 *
 * Utilisation law: U = X · D / m, with X the throughput of the system, D the busy time that a request demands of a
 * resource, and m its servers. So D = U · m / X, and as U cannot exceed 1, X <= m / D for each of them: the one with
 * the largest D / m is the bottleneck, X_max <= min(m / D). (Denning & Buzen, The Operational Analysis of Queueing
 * Network Models, ACM Computing Surveys 10(3), 1978; Lazowska, Zahorjan, Graham & Sevcik, Quantitative System
 * Performance, 1984, chapters 3 and 5.)
 *
 * Utilisations are means of the busiest steady stretch. Those that were saturated in it come first, in the order in
 * which they became so; the others follow by utilisation.
 */
export function rankBottlenecks(input: BottleneckInput): BottleneckFigures[] {
  const periods = steadyPeriods(input);
  const moments = momentsOf(input);
  const ranked = resourcesOf(input.system, input.cores)
    .flatMap((resource) => judge(resource, periods, moments) ?? [])
    .sort((a, b) => rank(a) - rank(b) || b.utilisation - a.utilisation);
  const [first, ...others] = ranked;
  if (!first) return [];
  const kneeSigns = first.utilisation >= saturated ? flatThroughput(periods) : [];
  return [{ ...first, signs: [...first.signs, ...kneeSigns] }, ...others];
}

const rank = ({ utilisation, saturatedAtSecond }: BottleneckFigures): number =>
  utilisation >= saturated ? (saturatedAtSecond ?? Number.MAX_SAFE_INTEGER) : Infinity;

function momentsOf({ system, load }: BottleneckInput): Moment[] {
  const values = new Map(system.map((second) => [second.second, second.values]));
  return load.flatMap((second) => {
    const known = values.get(second.second);
    return known ? [{ ...second, values: known }] : [];
  });
}

/** The whole run where it never stood still for long enough. */
function steadyPeriods(input: BottleneckInput): Period[] {
  const moments = momentsOf(input);
  const steady = input.stretches
    .map(({ level, fromSecond, toSecond }) => ({
      level,
      moments: moments.filter(({ second }) => second >= fromSecond && second < toSecond),
    }))
    .filter((period) => period.moments.length >= shortestStretch);
  return steady.length > 0 ? steady : [{ level: 0, moments }];
}

function judge(
  resource: Resource,
  periods: readonly Period[],
  moments: readonly Moment[],
): BottleneckFigures | undefined {
  const utilisations = periods.map((period) =>
    mean(period.moments.map(({ values }) => resource.busy(values))),
  );
  const utilisation = Math.max(...utilisations.map((value) => value ?? -1));
  const busiest = periods[utilisations.indexOf(utilisation)];
  if (!busiest || utilisation < 0) return undefined;
  // Not the busiest: whoever waits for a lock keeps no processor busy.
  const hardest = periods.reduce((high, period) => (period.level >= high.level ? period : high));
  const calmest = periods.reduce((low, period) => (period.level < low.level ? period : low));
  const perSecond = throughput(busiest);
  return {
    resource: resource.name,
    utilisation: round(Math.min(1, utilisation), 4),
    demandMs: perSecond === 0 ? 0 : round((utilisation * resource.servers * 1000) / perSecond, 4),
    maxPerSecond: utilisation === 0 || perSecond === 0 ? null : round(perSecond / utilisation, 1),
    saturatedAtSecond: saturatedAt(moments, resource),
    signs: [
      ...busySign(resource, utilisation, busiest),
      ...resource.signs(
        hardest.moments.map(({ values }) => values),
        calmest === hardest ? [] : calmest.moments.map(({ values }) => values),
      ),
    ],
  };
}

function busySign({ servers, unit }: Resource, utilisation: number, { moments }: Period): string[] {
  if (utilisation < saturated) return [];
  const of = servers === 1 ? `its ${unit}` : `${servers} ${unit}s`;
  return [`Busy for ${percent(utilisation)} of ${of} over ${moments.length} s.`];
}

/** The first second that is busy and followed by so much business that it was not chance. */
function saturatedAt(moments: readonly Moment[], resource: Resource): number | null {
  const busy = moments.map(({ values }) => (resource.busy(values) ?? 0) >= saturated);
  const index = busy.findIndex(
    (now, at) => now && busy.slice(at, at + window.seconds).filter(Boolean).length >= window.busy,
  );
  return moments[index]?.second ?? null;
}

/** More load that brings more waiting and no more answers: past the knee, whatever the resource. */
function flatThroughput(periods: readonly Period[]): string[] {
  const byLevel = [...periods].sort((a, b) => a.level - b.level);
  return byLevel.flatMap((more, index) => {
    const less = byLevel[index - 1];
    if (!less || less.level === 0 || more.level === less.level) return [];
    const [load, answers, wait] = [
      more.level / less.level,
      throughput(more) / throughput(less),
      responseMs(more) / responseMs(less),
    ];
    if (answers - 1 > (load - 1) / 2 || !(wait > 1.5)) return [];
    const change = `throughput went from ${Math.round(throughput(less))} to ${Math.round(throughput(more))} per second`;
    return [
      `From level ${less.level} to ${more.level} ${change}, p95 from ${shortMs(less)} to ${shortMs(more)}: more load brought waiting, not answers.`,
    ];
  });
}

const throughput = ({ moments }: Period): number => mean(moments.map(({ requests }) => requests)) ?? 0;
const responseMs = ({ moments }: Period): number => mean(moments.map(({ p95Ms }) => p95Ms)) ?? 0;
const shortMs = (period: Period): string => `${Number(responseMs(period).toPrecision(3))} ms`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Of what is known. */
function mean(values: readonly (number | undefined)[]): number | undefined {
  const certain = values.filter((value) => value !== undefined);
  if (certain.length === 0) return undefined;
  return certain.reduce((sum, value) => sum + value, 0) / certain.length;
}
