/** The first page to open: what users get, how fast the error budget burns, who is up, how the machine fares. */
import { quantile, rate, shareOf, type Dashboard, type Panel } from './dashboard.js';

const ofUsers = 'job="services", uri!~"/actuator.*"';
const requests = `http_server_requests_seconds_count{${ofUsers}}`;
const failures = `http_server_requests_seconds_count{${ofUsers}, status=~"5.."}`;

/** Budgets as in the alerts: 0.1 % failures, 1 % slow answers. */
const budgets = { errors: 0.001, slow: 0.01 } as const;

const burnRates = (kind: keyof typeof budgets): Pick<Panel, 'unit' | 'queries' | 'alerts'> => {
  const slo = kind === 'errors' ? 'Availability' : 'Latency';
  return {
    unit: 'times',
    queries: ['5m', '1h', '6h', '1d', '3d'].map((window) => ({
      expr: `max(service:http_${kind}:ratio${window}) / ${budgets[kind]}`,
      legend: window,
    })),
    alerts: ['Fast', 'Medium', 'Slow', 'Long'].map((speed) => `${slo}Burn${speed}`),
  };
};

const objectives: readonly Panel[] = [
  {
    title: 'Answered without a failure, 1 hour',
    description: 'Share of requests that were not answered with 5xx; the objective is 99.9 %.',
    unit: 'share',
    kind: 'figure',
    queries: [{ expr: '1 - service:http_errors:ratio1h', legend: '{{service}}' }],
  },
  {
    title: 'Answered within 250 ms, 1 hour',
    description: 'Share of successful answers, logins left out; the objective is 99 %.',
    unit: 'share',
    kind: 'figure',
    queries: [{ expr: '1 - service:http_slow:ratio1h', legend: '{{service}}' }],
  },
  {
    title: 'Error budget left, 3 days',
    description:
      'What is left of the 0.1 % of requests that may fail, in three days; below 0 it is overdrawn.',
    unit: 'share',
    kind: 'figure',
    queries: [{ expr: `1 - service:http_errors:ratio3d / ${budgets.errors}`, legend: '{{service}}' }],
  },
  {
    title: 'Latency budget left, 3 days',
    description:
      'What is left of the 1 % of answers that may be slow, in three days; below 0 it is overdrawn.',
    unit: 'share',
    kind: 'figure',
    queries: [{ expr: `1 - service:http_slow:ratio3d / ${budgets.slow}`, legend: '{{service}}' }],
  },
  {
    title: 'Burn rate of the error budget',
    description:
      'How many times too fast the worst service fails. Pages at 14.4 over 1h and 5m or 6 over 6h and 30m, tickets at 3 over a day and 1 over three.',
    runbook: 'high-error-rate',
    ...burnRates('errors'),
  },
  {
    title: 'Burn rate of the latency budget',
    description:
      'How many times too often the worst service is slow. Pages at 14.4 over 1h and 5m or 6 over 6h and 30m, tickets at 3 over a day and 1 over three.',
    runbook: 'slow-responses',
    ...burnRates('slow'),
  },
  {
    title: 'Answers of the edge by status',
    description:
      'What users are told. 304 is a cached page that is still right, 429 a limit, 503 a request shed.',
    unit: 'requestsPerSecond',
    kind: 'stacked',
    queries: [
      {
        expr: rate(`http_server_requests_seconds_count{${ofUsers}, service="edge-gateway"}`, 'status'),
        legend: '{{status}}',
      },
    ],
  },
];

const red: readonly Panel[] = [
  {
    title: 'Requests',
    description: 'Rate by service. What the edge answers from its cache reaches no other.',
    unit: 'requestsPerSecond',
    queries: [{ expr: rate(requests, 'service'), legend: '{{service}}' }],
    alerts: ['TrafficLost'],
    runbook: 'traffic-lost',
  },
  {
    title: 'Failures',
    description: 'Share of requests answered with 5xx, shed ones included.',
    unit: 'share',
    queries: [{ expr: shareOf(rate(failures, 'service'), rate(requests, 'service')), legend: '{{service}}' }],
  },
  {
    title: 'Duration, p99',
    description: 'Of successful answers; a login takes long on purpose.',
    unit: 'seconds',
    queries: [
      {
        expr: quantile(0.99, `http_server_requests_seconds_bucket{${ofUsers}}`, 'service'),
        legend: '{{service}}',
      },
    ],
  },
];

const instances: readonly Panel[] = [
  {
    title: 'Instances up',
    description: 'Processes of each service that answer Prometheus.',
    unit: 'count',
    queries: [{ expr: 'sum by (service) (up{job="services"})', legend: '{{service}}' }],
    alerts: ['ServiceDown'],
    runbook: 'service-down',
  },
  {
    title: 'Exporters up',
    description: 'Where one is down, what it tells is blind.',
    unit: 'count',
    queries: [{ expr: 'sum by (job) (up{job!="services"})', legend: '{{job}}' }],
    alerts: ['TargetDown'],
    runbook: 'target-down',
  },
  {
    title: 'CPU',
    description: 'Cores in use by service. One process has one event loop: near 1 a core it is full.',
    unit: 'cores',
    queries: [{ expr: rate('process_cpu_seconds_total{job="services"}', 'service'), legend: '{{service}}' }],
  },
  {
    title: 'Memory',
    description: 'Resident memory by service.',
    unit: 'bytes',
    kind: 'stacked',
    queries: [{ expr: 'sum by (service) (process_memory_rss{job="services"})', legend: '{{service}}' }],
  },
];

const machine: readonly Panel[] = [
  {
    title: 'CPU of the machine',
    description: 'Share of all cores that is not idle.',
    unit: 'share',
    queries: [
      {
        expr: '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))',
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'Memory of the machine',
    description: 'What programs could still have, beside what there is.',
    unit: 'bytes',
    queries: [
      { expr: 'node_memory_MemAvailable_bytes', legend: 'available' },
      { expr: 'node_memory_MemTotal_bytes', legend: 'total' },
    ],
  },
  {
    title: 'Network',
    description:
      'Bytes by device. Without Docker the parts speak over loopback, which an exporter may leave out.',
    unit: 'bytesPerSecond',
    queries: [
      { expr: rate('node_network_receive_bytes_total', 'device'), legend: 'received, {{device}}' },
      { expr: rate('node_network_transmit_bytes_total', 'device'), legend: 'sent, {{device}}' },
    ],
  },
  {
    title: 'TCP connections',
    description: 'Established ones, and those that wait for their end to be forgotten.',
    unit: 'count',
    queries: [
      { expr: 'node_netstat_Tcp_CurrEstab', legend: 'established' },
      { expr: 'node_sockstat_TCP_tw', legend: 'time wait' },
    ],
  },
];

export const overview: Dashboard = {
  uid: 'flowchart-overview',
  title: 'Overview',
  description:
    'Objectives and their budgets, rate, errors and duration of each service, who is up, the machine.',
  rows: [
    { title: 'Objectives', panels: objectives },
    { title: 'Rate, errors, duration', panels: red },
    { title: 'Instances', panels: instances },
    { title: 'Machine', panels: machine },
  ],
};
