// A second of the run as points under k6's measurement names: one for each name, with aggregates instead of raw samples.

import type { Delta, ErrorDelta, TrendName } from '../../engine/delta.js';
import { LatencyHistogram, type HistogramDelta } from '../../engine/latency-histogram.js';
import { histogramsOf, partsByEndpoint, sumOf, type EndpointParts, type OutputSecond } from '../output.js';
import type { Point } from './line-protocol.js';

const trendMeasurements: Readonly<Record<TrendName, string>> = {
  blocked: 'http_req_blocked',
  connecting: 'http_req_connecting',
  sending: 'http_req_sending',
  waiting: 'http_req_waiting',
  receiving: 'http_req_receiving',
  iteration: 'iteration_duration',
};

/** Filled again for each point: making one costs more than everything else here. */
const scratch = new LatencyHistogram();

/** `value` is the mean: k6's dashboards read it where k6 has one sample per request. All in milliseconds. */
function aggregates(parts: readonly HistogramDelta[]): Record<string, number> {
  scratch.reset();
  for (const part of parts) scratch.merge(part);
  return {
    value: scratch.meanMs(),
    count: scratch.count,
    sum: scratch.meanMs() * scratch.count,
    min: scratch.minMs(),
    max: scratch.maxMs(),
    p50: scratch.percentileMs(50),
    p90: scratch.percentileMs(90),
    p95: scratch.percentileMs(95),
    p99: scratch.percentileMs(99),
  };
}

export function secondPoints(second: OutputSecond, tags: Readonly<Record<string, string>>): Point[] {
  const { deltas, epochMs, figures } = second;
  const point = (
    measurement: string,
    own: Record<string, string>,
    fields: Record<string, number>,
  ): Point => ({
    measurement,
    tags: { ...tags, ...own },
    fields,
    epochMs,
  });
  const single = (measurement: string, value: number) => point(measurement, {}, { value });
  return [
    ...partsByEndpoint(deltas).flatMap((one) => endpointPoints(one, deltas, point)),
    ...trendPoints(deltas, point),
    ...checkPoints(deltas, point),
    single('vus', figures.users),
    single('iterations', figures.iterations),
    single('data_received', figures.bytesReceived),
    single('data_sent', figures.bytesSent),
    point(
      'generator',
      {},
      {
        loop_delay_p99_ms: figures.loopDelayP99Ms,
        loop_utilization: figures.loopUtilization,
        cpu: figures.generatorCpu,
      },
    ),
  ];
}

type MakePoint = (measurement: string, own: Record<string, string>, fields: Record<string, number>) => Point;

function endpointPoints({ endpoint, parts }: EndpointParts, deltas: readonly Delta[], point: MakePoint) {
  const { name, method, index } = endpoint;
  const own = { name, method };
  const requests = sumOf(parts, (part) => part.requests);
  const failed = sumOf(parts, (part) => part.failed);
  const errors = deltas.flatMap((delta) => delta.errors).filter((error) => error.endpoint === index);
  const durations = [true, false].flatMap((expected) => {
    const histograms = histogramsOf(parts, expected);
    const tags = { ...own, expected_response: String(expected) };
    return histograms.length > 0 ? [point('http_req_duration', tags, aggregates(histograms))] : [];
  });
  const byStatus = Object.entries(countByStatus(requests - failed, errors));
  return [
    ...durations,
    ...byStatus.map(([status, count]) => point('http_reqs', { ...own, status }, { value: count, count })),
    point('http_req_failed', own, { value: failed / requests, count: requests, failed }),
  ];
}

/** Status class of failed requests, `none` when nothing came back. What was expected is 2xx, or 304 to a page seen before. */
function countByStatus(expected: number, errors: readonly ErrorDelta[]): Record<string, number> {
  const counts: Record<string, number> = expected > 0 ? { expected } : {};
  for (const { reason, count } of errors) {
    const status = failureClass(reason);
    if (status !== undefined) counts[status] = (counts[status] ?? 0) + count;
  }
  return counts;
}

/** An answer that a journey could not read is an error too, but its request was counted by its status. */
function failureClass(reason: string): string | undefined {
  if (reason.startsWith('unreadable')) return undefined;
  const firstDigit = /^status (\d)/.exec(reason)?.[1];
  return firstDigit === undefined ? 'none' : `${firstDigit}xx`;
}

function trendPoints(deltas: readonly Delta[], point: MakePoint): Point[] {
  return Object.entries(trendMeasurements).flatMap(([trend, measurement]) => {
    const parts = deltas
      .map((delta) => delta.trends[trend as TrendName])
      .filter((part) => part !== undefined);
    return parts.length > 0 ? [point(measurement, {}, aggregates(parts))] : [];
  });
}

function checkPoints(deltas: readonly Delta[], point: MakePoint): Point[] {
  const byName = new Map<string, { passes: number; fails: number }>();
  for (const { name, passes, fails } of deltas.flatMap((delta) => delta.checks)) {
    const sum = byName.get(name) ?? { passes: 0, fails: 0 };
    byName.set(name, { passes: sum.passes + passes, fails: sum.fails + fails });
  }
  return [...byName].map(([check, { passes, fails }]) =>
    point('checks', { check }, { value: passes / (passes + fails), count: passes + fails, passes, fails }),
  );
}
