// The resources that can run short, how busy each was in a second, and what its queue looks like.

import type { SystemSecond } from './findings.js';

type Values = SystemSecond['values'];

export interface Resource {
  readonly name: string;
  /** What one of its servers is called: core, connection. */
  readonly unit: string;
  readonly servers: number;
  /** From 0 to 1; undefined where it is not known. */
  readonly busy: (values: Values) => number | undefined;
  /** Sentences about its queue where the load was highest; `calm` is where it was lowest, empty when it never differed. */
  readonly signs: (loaded: readonly Values[], calm: readonly Values[]) => string[];
}

/** A loop that is so late delays every request it serves. */
const lateMs = 20;
/** So many times as late as in the calmest stretch. */
const risen = 3;
/** Below it the delay is the timer's own. */
const noticeableMs = 5;
/** Of the seconds: a queue that is seen less often is a coincidence of arrivals. */
const oftenShare = 0.1;

/** All of which the series tell something. */
export function resourcesOf(system: readonly SystemSecond[], cores: number): Resource[] {
  const names = new Set(system.flatMap(({ values }) => Object.keys(values)));
  const parts = [...new Set([...names].map((name) => name.slice(0, name.indexOf('.'))))];
  const loops = parts.filter((part) => names.has(`${part}.heap`)).map(eventLoop);
  const pools = parts
    .filter((part) => names.has(`${part}.pool_max`))
    .map((part) => pool(part, greatest(system, `${part}.pool_max`)));
  const stores = [
    ...parts.filter((part) => part.startsWith('postgres')).map((part) => postgres(part, cores)),
    ...(names.has('redis.cpu') ? [redis] : []),
  ];
  return [...loops, ...pools, ...stores, ...(names.has('machine.cpu') ? [machine(cores), disk] : [])];
}

/** One thread runs all of a service's JavaScript, however many cores there are. */
const eventLoop = (part: string): Resource => ({
  name: `${part} event loop`,
  unit: 'core',
  servers: 1,
  busy: (values) => values[`${part}.main_thread`] ?? values[`${part}.cpu`],
  signs: (loaded, calm) => {
    const delay = median(loaded, `${part}.loop_delay`);
    const before = median(calm, `${part}.loop_delay`);
    if (delay === undefined || delay < noticeableMs) return [];
    if (before !== undefined && delay > before * risen)
      return [`Its delay rose from ${short(before)} to ${short(delay)} ms (p99, median of the seconds).`];
    return delay > lateMs ? [`It was ${short(delay)} ms late (p99, median of the seconds).`] : [];
  },
});

const pool = (part: string, connections: number): Resource => ({
  name: `${part} connection pool`,
  unit: 'connection',
  servers: connections,
  busy: (values) => ratio(values[`${part}.pool_active`], values[`${part}.pool_max`]),
  signs: (loaded) => queue(loaded, `${part}.pool_pending`, 'callers waited for a connection'),
});

/** A process for each connection: all cores are its own. */
const postgres = (part: string, cores: number): Resource => ({
  name: `${part} CPU`,
  unit: 'core',
  servers: cores,
  busy: (values) => ratio(values[`${part}.cpu`], cores),
  signs: (loaded) => queue(loaded, `${part}.waiting`, 'connections waited in mid-statement'),
});

/** Commands are executed by one thread. */
const redis: Resource = {
  name: 'redis CPU',
  unit: 'core',
  servers: 1,
  busy: (values) => values['redis.main_thread'] ?? values['redis.cpu'],
  signs: () => [],
};

const machine = (cores: number): Resource => ({
  name: 'machine CPU',
  unit: 'core',
  servers: cores,
  busy: (values) => values['machine.cpu'],
  signs: (loaded) => {
    const generator = mean(loaded, 'generator.cpu');
    const strangers = meanOf(loaded.map((values) => strangersCores(values, cores)));
    const stolen = mean(loaded, 'machine.steal');
    const noticeable = cores / 10;
    return [
      ...(generator > noticeable
        ? [`The generator itself took ${short(generator)} of the ${cores} cores.`]
        : []),
      ...(strangers > noticeable
        ? [`Processes that are no part of the system took ${short(strangers)} of the ${cores} cores.`]
        : []),
      ...(stolen > 0.05 ? [`${Math.round(stolen * 100)} % went to other machines on the same host.`] : []),
    ];
  },
});

/** What is left of the machine's busy time when all that we know is taken away; nothing where the parts are not known. */
function strangersCores(values: Values, cores: number): number {
  const parts = Object.entries(values).filter(([name]) => name.endsWith('.cpu') && name !== 'machine.cpu');
  const onlyTheTarget = parts.every(([name]) => !/^(?:postgres|redis)\b/.test(name));
  if (onlyTheTarget) return 0;
  const ours = parts.reduce((sum, [, value]) => sum + value, 0);
  return Math.max(0, ((values['machine.cpu'] ?? 0) - (values['machine.steal'] ?? 0)) * cores - ours);
}

/** A disk that serves several at once is not full when it is never idle; its signs would be waiting connections. */
const disk: Resource = {
  name: 'machine disk',
  unit: 'disk',
  servers: 1,
  busy: (values) => values['machine.disk_busy'],
  signs: () => [],
};

function queue(loaded: readonly Values[], name: string, what: string): string[] {
  const lengths = series(loaded, name);
  const often = lengths.filter((length) => length > 0).length;
  if (lengths.length === 0 || often < lengths.length * oftenShare) return [];
  return [
    `In ${often} of ${lengths.length} seconds ${what}, ${short(mean(loaded, name))} on average and ${Math.max(...lengths)} at worst.`,
  ];
}

const series = (seconds: readonly Values[], name: string): number[] =>
  seconds.map((values) => values[name]).filter((value) => value !== undefined);

const mean = (seconds: readonly Values[], name: string): number => meanOf(series(seconds, name));

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(seconds: readonly Values[], name: string): number | undefined {
  const sorted = series(seconds, name).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const greatest = (system: readonly SystemSecond[], name: string): number =>
  Math.max(...system.map(({ values }) => values[name] ?? 0));

const ratio = (value: number | undefined, limit: number | undefined): number | undefined =>
  value === undefined || !limit ? undefined : value / limit;

const short = (value: number): number => Number(value.toPrecision(3));
