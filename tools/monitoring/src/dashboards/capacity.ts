/** How far the system is from a million users: instances against what the plan wants, headroom, sessions, Redis. */
import { rate, type Dashboard, type Panel, type ServiceName } from './dashboard.js';

/** Instances for a million users, from the architecture: at least, and at most. */
const envelopes: Readonly<Record<ServiceName, readonly [least: number, most: number]>> = {
  'edge-gateway': [100, 200],
  'course-service': [200, 300],
  'student-service': [300, 400],
  'degree-service': [200, 300],
};

const inEnvelope = ([name, [least, most]]: readonly [string, readonly [number, number]]): Panel => ({
  title: `Instances of ${name}`,
  description: `A million users are planned with ${least} to ${most}. Lines: what runs, and the two ends of the plan.`,
  unit: 'count',
  queries: [
    { expr: `count(up{job="services", service="${name}"} == 1)`, legend: 'up' },
    { expr: `vector(${least})`, legend: 'at least' },
    { expr: `vector(${most})`, legend: 'at most' },
  ],
});

const served = 'http_server_requests_seconds_count{job="services", uri!~"/actuator.*"}';
const cpu = 'process_cpu_seconds_total{job="services"}';

const instances: readonly Panel[] = [
  ...Object.entries(envelopes).map(inEnvelope),
  {
    title: 'Share of the plan',
    description: 'Instances that are up, of the least that a million users are planned with.',
    unit: 'share',
    queries: Object.entries(envelopes).map(([name, [least]]) => ({
      expr: `count(up{job="services", service="${name}"} == 1) / ${least}`,
      legend: name,
    })),
  },
  {
    title: 'Autoscaler',
    description: 'Replicas of each autoscaler, and its maximum. At it, nothing is left to add.',
    unit: 'count',
    queries: [
      {
        expr: 'kube_horizontalpodautoscaler_status_current_replicas',
        legend: '{{horizontalpodautoscaler}}',
      },
      {
        expr: 'kube_horizontalpodautoscaler_spec_max_replicas',
        legend: '{{horizontalpodautoscaler}} at most',
      },
    ],
    alerts: ['HpaAtMaximum'],
    runbook: 'autoscaler-at-maximum',
    elsewhere: 'Autoscalers are of a cluster, told by kube-state-metrics.',
  },
];

const headroom: readonly Panel[] = [
  {
    title: 'Requests of each instance',
    description: 'Mean by service: what one carries now.',
    unit: 'requestsPerSecond',
    queries: [
      {
        expr: `${rate(served, 'service')} / count by (service) (up{job="services"} == 1)`,
        legend: '{{service}}',
      },
    ],
  },
  {
    title: 'CPU time of a request',
    description: 'By service. With the instances and their cores it says how much the system can carry.',
    unit: 'seconds',
    queries: [{ expr: `${rate(cpu, 'service')} / ${rate(served, 'service')}`, legend: '{{service}}' }],
  },
  {
    title: 'Headroom',
    description:
      'Share of one core, which is all that an event loop can use, that each service’s mean instance has left.',
    unit: 'share',
    queries: [
      {
        expr: 'clamp_min(1 - avg by (service) (rate(process_cpu_seconds_total{job="services"}[$__rate_interval])), 0)',
        legend: '{{service}}',
      },
    ],
  },
  {
    title: 'Room of the edge',
    description: 'Share of the requests that may be under way at once that is free.',
    unit: 'share',
    queries: [{ expr: '1 - sum(edge_inflight) / sum(edge_inflight_limit)', legend: 'free' }],
  },
  {
    title: 'Room of the pools',
    description: 'Share of the database connections of each service that is free.',
    unit: 'share',
    queries: [
      {
        expr: '1 - sum by (service) (db_pool_connections_active) / sum by (service) (db_pool_connections_max)',
        legend: '{{service}}',
      },
    ],
  },
];

const sessions: readonly Panel[] = [
  {
    title: 'Keys of Redis',
    description: 'Live sessions are most of them: a million is the aim.',
    unit: 'count',
    queries: [{ expr: 'sum(redis_db_keys)', legend: 'keys' }],
  },
  {
    title: 'Sessions in the memory of edges',
    description: 'Known without asking Redis.',
    unit: 'count',
    queries: [{ expr: 'sum(sessions_remembered)', legend: 'remembered' }],
  },
  {
    title: 'Memory of Redis',
    description: 'In use, and what it may take. A million sessions are to fit into 250 MB.',
    unit: 'bytes',
    queries: [
      { expr: 'sum(redis_memory_used_bytes)', legend: 'used' },
      { expr: 'sum(redis_memory_max_bytes)', legend: 'at most' },
    ],
    alerts: ['RedisMemoryHigh'],
    runbook: 'cache',
  },
];

export const capacity: Dashboard = {
  uid: 'flowchart-capacity',
  title: '1M capacity',
  description:
    'Instances against the plan for a million users, headroom, sessions and the memory that they take.',
  rows: [
    { title: 'Instances', panels: instances },
    { title: 'Headroom', panels: headroom },
    { title: 'Sessions', panels: sessions },
  ],
};
