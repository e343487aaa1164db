/** A load test as the load-runner tells it, by `--out prometheus-rw=URL` or scraped from `--out prometheus=PORT`. */
import { quantile, rate, shareOf, type Dashboard, type Panel } from './dashboard.js';

/** A series that is written to Prometheus lives on for five minutes after its run has ended; what is old is left out. */
const live = (gauge: string): string => `${gauge} and timestamp(${gauge}) >= time() - 5`;

const service = 'lr_http_request_duration_seconds_bucket';
const response = 'lr_http_response_duration_seconds_bucket';

const load: readonly Panel[] = [
  {
    title: 'Users',
    description: 'Active ones; in the open model, connections.',
    unit: 'count',
    queries: [{ expr: `sum by (profile) (${live('lr_users')})`, legend: '{{profile}}' }],
  },
  {
    title: 'Requests',
    description: 'Answered, however; and offered, which is what the schedule or the users wanted.',
    unit: 'requestsPerSecond',
    queries: [
      { expr: rate('lr_http_requests_total'), legend: 'answered' },
      { expr: `sum(${live('lr_offered_per_second')})`, legend: 'offered' },
    ],
  },
  {
    title: 'Failures',
    description: 'Share of requests that were not answered as expected.',
    unit: 'share',
    queries: [
      {
        expr: shareOf(rate('lr_http_requests_failed_total'), rate('lr_http_requests_total')),
        legend: 'failed',
      },
    ],
  },
  {
    title: 'Requests by endpoint',
    description: 'What users do.',
    unit: 'requestsPerSecond',
    kind: 'stacked',
    queries: [{ expr: rate('lr_http_requests_total', 'name'), legend: '{{name}}' }],
  },
  {
    title: 'Under way',
    description: 'Requests that wait for their answer.',
    unit: 'count',
    queries: [{ expr: `sum(${live('lr_in_flight')})`, legend: 'under way' }],
  },
  {
    title: 'Dropped',
    description:
      'Open model: arrivals that found neither a connection nor room in the queue. Then the load is not what was asked for.',
    unit: 'perSecond',
    queries: [{ expr: rate('lr_dropped_total'), legend: 'dropped' }],
  },
];

const latency: readonly Panel[] = [
  {
    title: 'Service time',
    description: 'From the first byte sent to the last received.',
    unit: 'seconds',
    queries: [0.5, 0.95, 0.99].map((share) => ({
      expr: quantile(share, service),
      legend: `p${share * 100}`,
    })),
  },
  {
    title: 'Response time and service time, p95',
    description:
      'Response time counts from when the answer was wanted. Where they part, requests wait for their turn.',
    unit: 'seconds',
    queries: [
      { expr: quantile(0.95, response), legend: 'response' },
      { expr: quantile(0.95, service), legend: 'service' },
    ],
  },
  {
    title: 'Service time by endpoint, p95',
    description: 'An endpoint that nobody uses has no line.',
    unit: 'seconds',
    queries: [{ expr: quantile(0.95, service, 'name'), legend: '{{name}}' }],
  },
];

const generator: readonly Panel[] = [
  {
    title: 'Event loop delay of the generator',
    description: 'Of its worst worker, p99. What it measures is late by as much.',
    unit: 'seconds',
    queries: [{ expr: `max(${live('lr_generator_loop_delay_p99_seconds')})`, legend: 'worst worker' }],
  },
  {
    title: 'Busy share of the generator',
    description: 'Of its busiest worker. Near 100 % the generator is the bottleneck, and figures are void.',
    unit: 'share',
    queries: [{ expr: `max(${live('lr_generator_loop_utilization')})`, legend: 'busiest worker' }],
  },
  {
    title: 'CPU of the generator',
    description: 'Cores used by all workers.',
    unit: 'cores',
    queries: [{ expr: `sum(${live('lr_generator_cpu_cores')})`, legend: 'all workers' }],
  },
];

export const loadRun: Dashboard = {
  uid: 'flowchart-load-run',
  title: 'Load run',
  description: 'A load test as its generator sees it, each second; its stages are marked.',
  // Told each second, and looked at second by second.
  scrapeSeconds: 1,
  annotations: [{ name: 'Stages', expr: `(${live('lr_stage')}) == 1`, text: 'stage {{stage}}: {{level}}' }],
  rows: [
    { title: 'Load', panels: load },
    { title: 'Latency', panels: latency },
    { title: 'Generator', panels: generator },
  ],
};
