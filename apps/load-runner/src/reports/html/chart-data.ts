// What the charts draw, as columns: a run of hours is drawn in steps of several seconds, its percentiles from merged histograms.

import type { SystemSecond } from '../../analysis/findings.js';
import type { EndpointFigures } from '../../analysis/record.js';
import { LatencyHistogram } from '../../engine/latency-histogram.js';
import type { Second } from '../../engine/timeline.js';
import { Schedule } from '../../profiles/schedule.js';
import type { Run } from '../run.js';
import { groupSystem, type SystemChart } from './system-charts.js';

/** More points than pixels help nobody. */
const maxPoints = 1200;

type Column = (number | null)[];

export interface Spectrum {
  /** 1/(1 − p): 10 is the 90th percentile, 1000 the 99.9th. */
  readonly x: number[];
  readonly service: number[];
  readonly response: number[];
}

export interface ChartData {
  readonly warmupSeconds: number;
  readonly spectrum: Spectrum;
  readonly endpoints: Readonly<Record<string, object>>;
  readonly system: readonly SystemChart[];
  readonly [column: string]: unknown;
}

export function chartData(run: Run): ChartData {
  const { record } = run;
  const scheduledMs = new Schedule(record.profile.stages).durationMs;
  // Waiting for the last answers is no second like the others: the lines would seem to fall.
  const seconds = run.seconds.filter(({ second }) => (second + 1) * 1000 <= scheduledMs);
  const step = Math.max(1, Math.ceil(seconds.length / maxPoints));
  const groups = Array.from({ length: Math.ceil(seconds.length / step) }, (_, index) =>
    seconds.slice(index * step, (index + 1) * step),
  );
  const starts = groups.map((group) => group[0]?.second ?? 0);
  return {
    second: starts,
    ...loadColumns(groups),
    ...latencyColumns(groups),
    warmupSeconds: record.profile.warmupMs / 1000,
    spectrum: spectrumOf(record.total),
    endpoints: Object.fromEntries(
      record.endpoints.map((one) => [
        one.name,
        { ...endpointColumns(one.name, groups), spectrum: spectrumOf(one) },
      ]),
    ),
    system: groupSystem(sampled(run.system, starts, step)),
  };
}

function loadColumns(groups: readonly (readonly Second[])[]): Record<string, Column> {
  const mean = (key: 'users' | 'requests' | 'failed' | 'offered' | 'started' | 'dropped' | 'queued') =>
    groups.map((group) => round(average(group.map((second) => second[key]))));
  return {
    users: mean('users'),
    requests: mean('requests'),
    failed: mean('failed'),
    offered: mean('offered'),
    started: mean('started'),
    dropped: mean('dropped'),
    queued: mean('queued'),
    loopDelayP99Ms: groups.map((group) => round(Math.max(...group.map((second) => second.loopDelayP99Ms)))),
  };
}

function latencyColumns(groups: readonly (readonly Second[])[]): Record<string, Column> {
  const service = groups.map((group) => merged(group.map(({ hdr }) => hdr)));
  const response = groups.map((group) => merged(group.map(({ responseHdr }) => responseHdr)));
  // Without an answer there is a gap, not a zero.
  const at = (histograms: readonly LatencyHistogram[], percent: number) =>
    histograms.map((histogram) => (histogram.count === 0 ? null : round(histogram.percentileMs(percent))));
  return {
    p50Ms: at(service, 50),
    p95Ms: at(service, 95),
    p99Ms: at(service, 99),
    responseP95Ms: at(response, 95),
  };
}

/** Percentiles of one endpoint have no histogram a second: of several seconds the worst is shown. */
function endpointColumns(name: string, groups: readonly (readonly Second[])[]): Record<string, Column> {
  const of = (group: readonly Second[]) => group.flatMap((second) => second.endpoints[name] ?? []);
  const worst = (key: 'p50Ms' | 'p95Ms') =>
    groups.map((group) => {
      const own = of(group);
      return own.length === 0 ? null : Math.max(...own.map((second) => second[key]));
    });
  const mean = (key: 'requests' | 'failed') =>
    groups.map((group) => round(of(group).reduce((sum, second) => sum + second[key], 0) / group.length));
  return { requests: mean('requests'), failed: mean('failed'), p50Ms: worst('p50Ms'), p95Ms: worst('p95Ms') };
}

/** From the median on, each step halves what is left above it; as far as there are values to tell it by. */
function spectrumOf({ latency, response }: Pick<EndpointFigures, 'latency' | 'response'>): Spectrum {
  const service = LatencyHistogram.decode(latency.hdr);
  const felt = LatencyHistogram.decode(response.hdr);
  const x: number[] = [];
  for (let inverse = 1; inverse <= 4 * Math.max(1, service.count); inverse *= 2 ** 0.25)
    x.push(round(inverse));
  const at = (histogram: LatencyHistogram) =>
    x.map((inverse) => round(histogram.percentileMs(100 * (1 - 1 / inverse))));
  return { x, service: at(service), response: at(felt) };
}

/** The system's values at the seconds that are drawn, averaged over the step. */
function sampled(system: readonly SystemSecond[], starts: readonly number[], step: number): SystemSecond[] {
  const bySecond = new Map(system.map((one) => [one.second, one.values]));
  return starts.map((second) => {
    const values = Array.from({ length: step }, (_, index) => bySecond.get(second + index) ?? {});
    const names = new Set(values.flatMap((one) => Object.keys(one)));
    const mean = (name: string) => round(average(values.flatMap((one) => one[name] ?? [])));
    return { second, values: Object.fromEntries([...names].map((name) => [name, mean(name)])) };
  });
}

function merged(encoded: readonly string[]): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const hdr of encoded) all.add(LatencyHistogram.decode(hdr));
  return all;
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

const round = (value: number): number => Number(value.toFixed(3));
