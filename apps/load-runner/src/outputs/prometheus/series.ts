// The run as Prometheus sees it: counters and histograms that only grow, so that runs, workers and machines can be added up.

import type { Delta } from '../../engine/delta.js';
import { LatencyHistogram } from '../../engine/latency-histogram.js';
import type { Second } from '../../engine/timeline.js';
import type { Endpoint } from '../../users/endpoint.js';
import {
  histogramsOf,
  partsByEndpoint,
  responsesOf,
  sumOf,
  type EndpointParts,
  type OutputSecond,
  type PlannedStage,
} from '../output.js';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  /** The family's name, with `_bucket`, `_sum` or `_count` in a histogram. */
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Seconds. Close together where the targets lie (p50 < 0.5, p95 < 2, p99 < 5), and down to what a cached page takes. */
export const bucketBounds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 30, 60,
];

/** Answers of one endpoint, of one kind. */
class Durations {
  readonly counts = bucketBounds.map(() => 0);
  count = 0;
  sumSeconds = 0;

  constructor(readonly labels: Labels) {}

  add(parts: ReturnType<typeof histogramsOf>): void {
    for (const { values, counts, sum } of parts) {
      this.sumSeconds += sum / 1e6;
      for (const [index, us] of values.entries()) {
        const count = counts[index] ?? 0;
        this.count += count;
        const bucket = bucketBounds.findIndex((bound) => us <= bound * 1e6);
        if (bucket >= 0) this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
      }
    }
  }

  samples(name: string): Sample[] {
    let below = 0;
    const buckets = bucketBounds.map((bound, index) => {
      below += this.counts[index] ?? 0;
      return { name: `${name}_bucket`, labels: { ...this.labels, le: String(bound) }, value: below };
    });
    return [
      ...buckets,
      { name: `${name}_bucket`, labels: { ...this.labels, le: '+Inf' }, value: this.count },
      { name: `${name}_sum`, labels: this.labels, value: this.sumSeconds },
      { name: `${name}_count`, labels: this.labels, value: this.count },
    ];
  }
}

interface EndpointCounts {
  readonly labels: Labels;
  requests: number;
  failed: number;
}

/** An endpoint's figures of the last second alone. */
interface Latest {
  readonly labels: Labels;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly failedShare: number;
}

const scratch = new LatencyHistogram();

export class RunSeries {
  private readonly durations = new Map<string, Durations>();
  private readonly responses = new Map<string, Durations>();
  private readonly counts = new Map<string, EndpointCounts>();
  private latest: Latest[] = [];
  private stages: readonly PlannedStage[] = [];
  private figures: Second | undefined;
  private readonly sums = { iterations: 0, dropped: 0, bytesReceived: 0, bytesSent: 0, passes: 0, fails: 0 };

  add({ figures, deltas, stages }: OutputSecond): void {
    this.figures = figures;
    this.stages = stages;
    const byEndpoint = partsByEndpoint(deltas);
    for (const one of byEndpoint) this.addEndpoint(one);
    this.latest = byEndpoint.map(latestOf);
    this.sums.iterations += figures.iterations;
    this.sums.dropped += figures.dropped;
    this.sums.bytesReceived += figures.bytesReceived;
    this.sums.bytesSent += figures.bytesSent;
    this.addChecks(deltas);
  }

  families(): Family[] {
    return this.figures ? [...this.own(this.figures), ...this.k6(this.figures)] : [];
  }

  private addEndpoint({ endpoint, parts }: EndpointParts): void {
    const { name } = endpoint;
    for (const expected of [true, false]) {
      const labels = { ...labelsOf(endpoint), expected: String(expected) };
      addTo(this.durations, labels, histogramsOf(parts, expected));
      addTo(this.responses, labels, responsesOf(parts, expected));
    }
    const counts = this.counts.get(name) ?? { labels: labelsOf(endpoint), requests: 0, failed: 0 };
    counts.requests += sumOf(parts, (part) => part.requests);
    counts.failed += sumOf(parts, (part) => part.failed);
    this.counts.set(name, counts);
  }

  private addChecks(deltas: readonly Delta[]): void {
    const checks = deltas.flatMap((delta) => delta.checks);
    this.sums.passes += sumOf(checks, (check) => check.passes);
    this.sums.fails += sumOf(checks, (check) => check.fails);
  }

  private own(figures: Second): Family[] {
    const counts = [...this.counts.values()];
    return [
      histogram(
        'lr_http_request_duration_seconds',
        'Service time of answers, and of time-outs at their full length.',
        this.durations,
      ),
      histogram(
        'lr_http_response_duration_seconds',
        'Response time of the same: from when the request was wanted.',
        this.responses,
      ),
      stageFamily(this.stages),
      counter('lr_http_requests_total', 'Requests that ended, in whatever way.', counts, 'requests'),
      counter('lr_http_requests_failed_total', 'Of these, not answered as expected.', counts, 'failed'),
      single('lr_users', 'gauge', 'Active users.', figures.users),
      single('lr_in_flight', 'gauge', 'Requests under way.', figures.inFlight),
      single('lr_offered_per_second', 'gauge', 'Open model: arrivals of the last second.', figures.offered),
      single('lr_dropped_total', 'counter', 'Open model: arrivals that found no room.', this.sums.dropped),
      single(
        'lr_generator_loop_delay_p99_seconds',
        'gauge',
        'Event-loop delay of the worst worker.',
        figures.loopDelayP99Ms / 1000,
      ),
      single(
        'lr_generator_loop_utilization',
        'gauge',
        'Busy share of the busiest worker.',
        figures.loopUtilization,
      ),
      single('lr_generator_cpu_cores', 'gauge', 'Cores used by all workers.', figures.generatorCpu),
    ];
  }

  /** The names that k6 gives its remote-written metrics; gauges are of the last second and cannot be added up. */
  private k6(figures: Second): Family[] {
    const { iterations, bytesReceived, bytesSent, passes, fails } = this.sums;
    const percentile = (key: 'p50' | 'p95' | 'p99') =>
      gauge(`k6_http_req_duration_${key}`, `${key} of the last second, in seconds.`, this.latest, key);
    return [
      counter('k6_http_reqs_total', 'As lr_http_requests_total.', [...this.counts.values()], 'requests'),
      gauge('k6_http_req_failed_rate', 'Failed share of the last second.', this.latest, 'failedShare'),
      percentile('p50'),
      percentile('p95'),
      percentile('p99'),
      single('k6_vus', 'gauge', 'Active users.', figures.users),
      single('k6_iterations_total', 'counter', 'Journeys that ended.', iterations),
      single('k6_data_received_total', 'counter', 'Bytes received.', bytesReceived),
      single('k6_data_sent_total', 'counter', 'Bytes sent.', bytesSent),
      single(
        'k6_checks_rate',
        'gauge',
        'Share of checks that passed, from the start.',
        passes + fails === 0 ? 1 : passes / (passes + fails),
      ),
    ];
  }
}

const labelsOf = ({ name, method }: Endpoint): Labels => ({ name, method });

function latestOf({ endpoint, parts }: EndpointParts): Latest {
  scratch.reset();
  for (const expected of [true, false]) {
    for (const histogram of histogramsOf(parts, expected)) scratch.merge(histogram);
  }
  const seconds = (percentile: number): number => scratch.percentileMs(percentile) / 1000;
  const requests = sumOf(parts, (part) => part.requests);
  return {
    labels: labelsOf(endpoint),
    p50: seconds(50),
    p95: seconds(95),
    p99: seconds(99),
    failedShare: sumOf(parts, (part) => part.failed) / requests,
  };
}

function addTo(all: Map<string, Durations>, labels: Labels, parts: ReturnType<typeof histogramsOf>): void {
  if (parts.length === 0) return;
  const key = `${labels['name']} ${labels['expected']}`;
  const durations = all.get(key) ?? new Durations(labels);
  durations.add(parts);
  all.set(key, durations);
}

const histogram = (name: string, help: string, all: ReadonlyMap<string, Durations>): Family => ({
  ...{ name, type: 'histogram', help },
  samples: [...all.values()].flatMap((one) => one.samples(name)),
});

/** Each stage says whether it goes on: one that merely vanished would live on in a Prometheus that is written to. */
const stageFamily = (stages: readonly PlannedStage[]): Family => ({
  ...{ name: 'lr_stage', type: 'gauge', help: '1 for the stage that goes on, 0 for the others.' },
  samples: stages.map(({ number, level, active }) => ({
    name: 'lr_stage',
    labels: { stage: String(number), level: String(level) },
    value: active ? 1 : 0,
  })),
});

const single = (name: string, type: 'counter' | 'gauge', help: string, value: number): Family => ({
  ...{ name, type, help },
  samples: [{ name, labels: {}, value }],
});

const counter = (
  name: string,
  help: string,
  all: readonly EndpointCounts[],
  key: 'requests' | 'failed',
): Family => ({
  ...{ name, type: 'counter', help },
  samples: all.map((one) => ({ name, labels: one.labels, value: one[key] })),
});

const gauge = (
  name: string,
  help: string,
  all: readonly Latest[],
  key: Exclude<keyof Latest, 'labels'>,
): Family => ({
  ...{ name, type: 'gauge', help },
  samples: all.map((one) => ({ name, labels: one.labels, value: one[key] })),
});
