/** One service at a time: what it is asked, whom it asks, and what it runs out of. */
import { quantile, rate, shareOf, type Dashboard, type Panel, type ServiceName } from './dashboard.js';

const own = 'job="services", service="$service"';
const ofUsers = `${own}, uri!~"/actuator.*"`;
const requests = `http_server_requests_seconds_count{${ofUsers}}`;
const buckets = `http_server_requests_seconds_bucket{${ofUsers}}`;
const calls = `http_client_requests_seconds_count{${own}}`;

const callers: readonly ServiceName[] = ['edge-gateway', 'degree-service', 'student-service'];
const withDatabase: readonly ServiceName[] = ['course-service', 'degree-service', 'student-service'];

const routes: readonly Panel[] = [
  {
    title: 'Requests by route',
    description: 'UNKNOWN matched no route, or was shed.',
    unit: 'requestsPerSecond',
    queries: [{ expr: rate(requests, 'method', 'uri'), legend: '{{method}} {{uri}}' }],
  },
  {
    title: 'Refused and failed by route',
    description: 'Share of answers with 4xx or 5xx; see the status in the log or on the overview.',
    unit: 'share',
    queries: [
      {
        expr: shareOf(
          rate(`http_server_requests_seconds_count{${ofUsers}, status!~"[23].."}`, 'uri'),
          rate(requests, 'uri'),
        ),
        legend: '{{uri}}',
      },
    ],
  },
  {
    title: 'Duration by route, p95',
    description: 'Of successful answers; a route without one has no line.',
    unit: 'seconds',
    queries: [{ expr: quantile(0.95, buckets, 'uri'), legend: '{{uri}}' }],
  },
  {
    title: 'Duration of all',
    description: 'Of successful answers.',
    unit: 'seconds',
    queries: [0.5, 0.95, 0.99].map((share) => ({
      expr: quantile(share, buckets),
      legend: `p${share * 100}`,
    })),
  },
];

const upstream: readonly Panel[] = [
  {
    title: 'Calls',
    description: 'To each other service; logins are student-service’s password checks.',
    unit: 'requestsPerSecond',
    queries: [{ expr: rate(calls, 'client_name'), legend: '{{client_name}}' }],
    onlyOf: callers,
  },
  {
    title: 'Calls that failed',
    description: 'Share without an answer of use: refused, failed, timed out, abandoned, circuit open.',
    unit: 'share',
    queries: [
      {
        expr: shareOf(
          rate(`http_client_requests_seconds_count{${own}, outcome!~"SUCCESS|REDIRECTION"}`, 'client_name'),
          rate(calls, 'client_name'),
        ),
        legend: '{{client_name}}',
      },
    ],
    onlyOf: callers,
  },
  {
    title: 'Duration of calls, p95',
    description: 'As the caller sees it: the wait for its turn and retries are in it.',
    unit: 'seconds',
    queries: [
      {
        expr: quantile(0.95, `http_client_requests_seconds_bucket{${own}}`, 'client_name'),
        legend: '{{client_name}}',
      },
    ],
    onlyOf: callers,
  },
];

const saturation: readonly Panel[] = [
  {
    title: 'Event loop delay',
    description:
      'How late the loop comes to what it has to do, since the last scrape. Above 100 ms users feel it.',
    unit: 'seconds',
    queries: [
      { expr: `nodejs_eventloop_delay_p99{${own}}`, legend: 'p99, {{instance}}' },
      { expr: `nodejs_eventloop_delay_max{${own}}`, legend: 'longest, {{instance}}' },
    ],
    alerts: ['EventLoopDelayed'],
    runbook: 'slow-responses',
  },
  {
    title: 'CPU',
    description: 'Cores in use by each process.',
    unit: 'cores',
    queries: [{ expr: rate(`process_cpu_seconds_total{${own}}`, 'instance'), legend: '{{instance}}' }],
  },
  {
    title: 'Memory',
    description:
      'Heap in use and taken, and all that is resident. A heap that grows from one collection to the next leaks.',
    unit: 'bytes',
    queries: [
      { expr: `nodejs_memory_heap_used{${own}}`, legend: 'heap used, {{instance}}' },
      { expr: `nodejs_memory_heap_total{${own}}`, legend: 'heap taken, {{instance}}' },
      { expr: `process_memory_rss{${own}}`, legend: 'resident, {{instance}}' },
    ],
  },
  {
    title: 'Garbage collection',
    description: 'Share of the time that it takes, by kind.',
    unit: 'share',
    queries: [{ expr: rate(`nodejs_gc_pause_seconds_sum{${own}}`, 'kind'), legend: '{{kind}}' }],
  },
  {
    title: 'File descriptors',
    description: 'Open ones: sockets are most of them.',
    unit: 'count',
    queries: [{ expr: `process_open_fds{${own}}`, legend: '{{instance}}' }],
  },
  {
    title: 'File descriptors in use',
    description: 'Share of what the process may open.',
    unit: 'share',
    queries: [{ expr: `process_open_fds{${own}} / process_max_fds{${own}}`, legend: '{{instance}}' }],
  },
];

const database: readonly Panel[] = [
  {
    title: 'Database pool',
    description: 'Connections in use and free, what there may be, and callers that wait for one.',
    unit: 'count',
    queries: ['active', 'idle', 'pending', 'max'].map((state) => ({
      expr: `sum(db_pool_connections_${state}{${own}})`,
      legend: state,
    })),
    alerts: ['DatabasePoolWaiting'],
    runbook: 'database-connections',
    onlyOf: withDatabase,
  },
  {
    title: 'Wait for a connection',
    description: 'From asking to having it.',
    unit: 'seconds',
    queries: [0.5, 0.99].map((share) => ({
      expr: quantile(share, `db_pool_acquire_seconds_bucket{${own}}`),
      legend: `p${share * 100}`,
    })),
    onlyOf: withDatabase,
  },
  {
    title: 'Outbox lag',
    description:
      'Age of the oldest event that is committed and not yet published: caches are as stale as that.',
    unit: 'seconds',
    queries: [{ expr: `max(outbox_lag_seconds{${own}})`, legend: 'oldest' }],
    alerts: ['OutboxLagging'],
    runbook: 'outbox-lag',
    onlyOf: withDatabase,
  },
  {
    title: 'Outbox pending',
    description: 'Events that wait to be published.',
    unit: 'count',
    queries: [{ expr: `max(outbox_pending{${own}})`, legend: 'pending' }],
    onlyOf: withDatabase,
  },
  {
    title: 'Outbox work',
    description: 'Events published, and rounds that could not publish.',
    unit: 'perSecond',
    queries: [
      { expr: rate(`outbox_published_total{${own}}`), legend: 'published' },
      { expr: rate(`outbox_failed_rounds_total{${own}}`), legend: 'failed rounds' },
    ],
    onlyOf: withDatabase,
  },
];

const events: readonly Panel[] = [
  {
    title: 'Events received',
    description: 'Domain events by type; each process of the service is told every one.',
    unit: 'perSecond',
    queries: [{ expr: rate(`events_received_total{${own}}`, 'type'), legend: '{{type}}' }],
  },
  {
    title: 'Delivery of events',
    description: 'From the stream to the end of what listeners do.',
    unit: 'seconds',
    queries: [0.5, 0.99].map((share) => ({
      expr: quantile(share, `events_delivery_seconds_bucket{${own}}`),
      legend: `p${share * 100}`,
    })),
  },
  {
    title: 'Consumer lag',
    description: 'Age in the stream of the event that is being handled.',
    unit: 'seconds',
    queries: [{ expr: `events_consumer_lag{${own}}`, legend: '{{instance}}' }],
  },
  {
    title: 'Connected',
    description: '1 while the stream can be read and commands can be sent to Redis.',
    unit: 'count',
    queries: [
      { expr: `min(events_consumer_reading{${own}})`, legend: 'reads events' },
      { expr: `min(redis_connected{${own}})`, legend: 'has Redis' },
    ],
  },
];

export const service: Dashboard = {
  uid: 'flowchart-service',
  title: 'Service',
  description: 'One service: rate, errors and duration of its routes and calls, and what it runs out of.',
  perService: true,
  rows: [
    { title: 'Routes', panels: routes },
    { title: 'Calls to other services', panels: upstream },
    { title: 'Saturation', panels: saturation },
    { title: 'Database pool and outbox', panels: database },
    { title: 'Events', panels: events },
  ],
};
