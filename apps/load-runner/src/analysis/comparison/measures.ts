// What is compared: the figures of each run, one measure for each that all runs of both sets have.
//
// A run has one vote: its own percentile, not its share of a histogram merged over all runs. Merged histograms weigh runs
// by their requests, and the tail of one bad run would be the p99 of the whole set; what a run's percentile is worth is
// told by how it varies from run to run, which is what the intervals are made from.

import { decidingFigures, type DecidingFigure } from '../../profiles/baseline-schema.js';
import type { EndpointFigures, LatencyFigures, RunRecord } from '../record.js';
import type { Measure } from './row.js';

type Figure = (run: RunRecord) => number | undefined;
type Description = Omit<Measure, 'baseline' | 'candidate'>;

const percentiles = {
  mean: 'meanMs',
  p50: 'medianMs',
  p95: 'p95Ms',
  p99: 'p99Ms',
} as const satisfies Record<string, keyof LatencyFigures>;

/** A percentile of fewer requests than this is one request's doing: p99 of 50 is their maximum. */
const fewestRequests = 20;

export function measuresOf(
  baseline: readonly RunRecord[],
  candidate: readonly RunRecord[],
  deciding: readonly DecidingFigure[] = decidingFigures,
): Measure[] {
  const all = [...baseline, ...candidate];
  const measure = (description: Description, figure: Figure): Measure[] => {
    const values = all.map(figure);
    if (!values.every((value) => value !== undefined)) return [];
    return [
      {
        ...description,
        baseline: values.slice(0, baseline.length),
        candidate: values.slice(baseline.length),
      },
    ];
  };
  const names = [...new Set(all.flatMap((run) => run.endpoints.map(({ name }) => name)))];
  const parts = [...new Set(all.flatMap((run) => (run.system?.parts ?? []).map(({ name }) => name)))];
  return [
    ...ofEndpoint('Aggregated', deciding, (run) => run.total).flatMap(([what, figure]) =>
      measure(what, figure),
    ),
    ...names
      .flatMap((name) => ofEndpoint(name, [], (run) => run.endpoints.find((one) => one.name === name)))
      .flatMap(([what, figure]) => measure(what, figure)),
    ...parts.flatMap((name) => measure(...cpuDemand(name))),
  ];
}

/** Endpoints that some runs asked for and others did not: no ratio can be had of them. */
export function endpointsNotInAll(runs: readonly RunRecord[]): string[] {
  const names = new Set(runs.flatMap((run) => run.endpoints.map(({ name }) => name)));
  return [...names].filter((name) => !runs.every((run) => run.endpoints.some((one) => one.name === name)));
}

function ofEndpoint(
  scope: string,
  deciding: readonly string[],
  figures: (run: RunRecord) => EndpointFigures | undefined,
): [Description, Figure][] {
  const latencies = (kind: 'response' | 'service'): [Description, Figure][] =>
    Object.entries(percentiles).map(([name, key]) => [
      {
        ...{ scope, metric: `${kind} ${name}`, unit: 'ms', higherIsBetter: false },
        decides: kind === 'response' && deciding.includes(name),
      },
      (run) => {
        const latency = kind === 'response' ? figures(run)?.response : figures(run)?.latency;
        return latency !== undefined && latency.count >= fewestRequests ? latency[key] : undefined;
      },
    ]);
  return [
    ...latencies('response'),
    ...latencies('service'),
    [
      {
        scope,
        metric: 'throughput',
        unit: 'per second',
        higherIsBetter: true,
        decides: deciding.includes('throughput'),
      },
      (run) => figures(run)?.requestsPerSecond,
    ],
    [
      {
        scope,
        metric: 'failures',
        unit: 'share',
        higherIsBetter: false,
        decides: deciding.includes('failures'),
      },
      (run) => {
        const { requests, failed } = figures(run) ?? { requests: 0, failed: 0 };
        return requests === 0 ? undefined : failed / requests;
      },
    ],
  ];
}

const cpuDemand = (name: string): [Description, Figure] => [
  { scope: name, metric: 'CPU per request', unit: 'ms', higherIsBetter: false, decides: false },
  (run) => run.system?.parts.find((part) => part.name === name)?.demandMs,
];
