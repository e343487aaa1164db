// Does anything grow without end? Trends of memory, handles and connections over a long run.

import type { LeakFigures, SystemSecond } from './findings.js';
import { theilSen } from './trend.js';

export interface LeakLimits {
  /** Share of its first value by which a figure may grow in an hour. */
  readonly maxGrowthPerHour: number;
  /** A shorter run cannot tell. */
  readonly minTimeMs: number;
}

export interface LeakVerdict {
  readonly leaks: readonly LeakFigures[];
  /** Why nobody can say that nothing leaks. */
  readonly inconclusive?: string;
}

/** What is not found to leak, and yet might grow faster than is allowed for all that the run can tell. */
export function unclear(leaks: readonly LeakFigures[], { maxGrowthPerHour }: LeakLimits): string[] {
  const open = leaks.filter(({ leaking, high }) => !leaking && high > maxGrowthPerHour);
  if (open.length === 0) return [];
  const names = open.map(({ part, metric, high }) => `${part}.${metric} (up to ${percent(high)})`);
  return [
    `Leaks: growth of more than ${percent(maxGrowthPerHour)} an hour is not proven and not excluded for ${names.join(', ')}; a longer run would tell.`,
  ];
}

/** The figures that a leak makes grow, and the least growth within a run that is worth a word. */
const watched: Readonly<Record<string, number>> = {
  heap: 1024 * 1024,
  rss: 1024 * 1024,
  handles: 3,
  fds: 3,
  pool_connections: 3,
  connections: 3,
  clients: 3,
};
/** Memory of stores is their data: sessions come and go by their time to live, buffers fill up to their size. */
const ofStores = /^(?:postgres[\w-]*|redis|machine|generator)\.(?:rss|heap)$/;

/** The floor of each window is looked at; thirty of them are enough for a trend, and long enough for a collection of garbage. */
const maxWindows = 30;
/** Fewer points have no interval worth the name. */
const minWindows = 12;
/** While caches fill and code is compiled, everything grows. */
const settlingShare = 1 / 3;
/** Growth that has lost half of its pace by the last third of the run is levelling off. */
const slowedDown = 0.5;
/** Of its first value, within the run: less is noise of the instrument. */
const materialShare = 0.01;

/**
 * A heap is a saw-tooth: what it falls back to after a collection is what is really in use. So each series is reduced
 * to the minima of its windows, its lower envelope; a leak raises the floor. The trend of the floor, after a third of
 * the run for settling, is Theil-Sen's with an interval that allows for autocorrelation (see `theilSen`).
 *
 * It leaks when the lower end of the interval is above the limit, when it grew by more than noise within the run, and
 * when the growth does not level off.
 *
 * @param system the measured seconds alone
 */
export function findLeaks(system: readonly SystemSecond[], limits: LeakLimits): LeakVerdict {
  const measured = system.map(withPoolConnections);
  const first = measured[0]?.second ?? 0;
  const seconds = (measured.at(-1)?.second ?? -1) - first + 1;
  if (seconds * 1000 < limits.minTimeMs || seconds < minWindows) {
    const wanted = Math.max(minWindows, limits.minTimeMs / 1000);
    return { leaks: [], inconclusive: `${seconds} s were measured; a trend takes ${wanted} s or more` };
  }
  const names = watchedNames(measured);
  if (names.length === 0)
    return { leaks: [], inconclusive: 'neither memory nor handles nor connections of any part are known' };
  const windowSeconds = Math.max(1, seconds / maxWindows);
  const leaks = names.flatMap((name) => {
    const floors = windowFloors(measured, name, windowSeconds);
    return floors.length < minWindows ? [] : [judge(name, floors, { ...limits, windowSeconds })];
  });
  const unknown = names.filter((name) => !leaks.some(({ part, metric }) => name === `${part}.${metric}`));
  return unknown.length === 0
    ? { leaks }
    : { leaks, inconclusive: `there are too few values of ${unknown.join(', ')}` };
}

/** A pool's connections, busy or not: what it holds of the database. */
function withPoolConnections({ second, values }: SystemSecond): SystemSecond {
  const pools = Object.entries(values).flatMap(([name, active]) => {
    if (!name.endsWith('.pool_active')) return [];
    const part = name.slice(0, -'.pool_active'.length);
    return [[`${part}.pool_connections`, active + (values[`${part}.pool_idle`] ?? 0)] as const];
  });
  return { second, values: { ...values, ...Object.fromEntries(pools) } };
}

const watchedNames = (system: readonly SystemSecond[]): string[] =>
  [...new Set(system.flatMap(({ values }) => Object.keys(values)))]
    .filter((name) => watched[figureOf(name)] !== undefined && !ofStores.test(name))
    .filter((name) => !name.startsWith('generator.'))
    .sort();

const partOf = (name: string): string => name.slice(0, name.indexOf('.'));
const figureOf = (name: string): string => name.slice(name.indexOf('.') + 1);

/** The smallest value of each window; windows without one are left out. */
function windowFloors(system: readonly SystemSecond[], name: string, windowSeconds: number): number[] {
  const first = system[0]?.second ?? 0;
  const floors: number[] = [];
  for (const { second, values } of system) {
    const value = values[name];
    if (value === undefined) continue;
    const window = Math.floor((second - first) / windowSeconds);
    floors[window] = Math.min(floors[window] ?? Infinity, value);
  }
  // A sparse array: `flat` leaves the holes out.
  return floors.flat();
}

function judge(
  name: string,
  floors: readonly number[],
  { maxGrowthPerHour, windowSeconds }: LeakLimits & { windowSeconds: number },
): LeakFigures {
  const settled = floors.slice(Math.floor(floors.length * settlingShare));
  const { slope, low, high } = theilSen(settled);
  const start = settled[0] ?? 0;
  // Per hour, as a share of the start; of what begins at nothing, as a share of one.
  const toShare = 3600 / windowSeconds / Math.max(1, start);
  const grown = slope * (settled.length - 1);
  const material = Math.max(start * materialShare, watched[figureOf(name)] ?? 0);
  const last = theilSen(settled.slice(Math.floor(settled.length / 2)));
  const levelsOff = last.slope < slope * slowedDown;
  return {
    part: partOf(name),
    metric: figureOf(name),
    start,
    growthPerHour: round(slope * toShare),
    low: round(low * toShare),
    high: round(high * toShare),
    leaking: low * toShare > maxGrowthPerHour && grown > material && !levelsOff,
  };
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
const round = (value: number): number => Number(value.toPrecision(4));
