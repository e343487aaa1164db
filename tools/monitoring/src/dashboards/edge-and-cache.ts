/** The door: what its caches spare the services, who is let in, and who is turned away. */
import { quantile, rate, type Dashboard, type Panel } from './dashboard.js';

const lookUps = (...labels: readonly string[]): string => `cache_gets_total{${labels.join(', ')}}`;

const cache: readonly Panel[] = [
  {
    title: 'Hit ratio by level',
    description: 'L1 is the memory of the process, L2 is Redis, which is asked only after a miss in L1.',
    unit: 'share',
    queries: [
      {
        expr: `${rate(lookUps('result="hit"'), 'level')} / ${rate(lookUps(), 'level')}`,
        legend: '{{level}}',
      },
    ],
  },
  {
    title: 'Hit ratio by route, L1',
    description: 'Share of look-ups that found something fresh; a route that nobody asks for has no line.',
    unit: 'share',
    queries: [
      {
        expr: `${rate(lookUps('level="L1"', 'result="hit"'), 'route')} / ${rate(lookUps('level="L1"'), 'route')}`,
        legend: '{{route}}',
      },
    ],
  },
  {
    title: 'Look-ups',
    description: 'By level and result; stale ones are answered at once and fetched afterwards.',
    unit: 'perSecond',
    kind: 'stacked',
    queries: [{ expr: rate(lookUps(), 'level', 'result'), legend: '{{level}} {{result}}' }],
  },
  {
    title: 'Evictions',
    description:
      'Entries removed: by a change of what they show, or to make room. The second kind says that it is too small.',
    unit: 'perSecond',
    queries: [{ expr: rate('cache_evictions_total', 'level', 'cause'), legend: '{{level}} {{cause}}' }],
  },
  {
    title: 'Invalidation lag',
    description:
      'From an event to the end of the eviction that it causes: for so long old bytes were served.',
    unit: 'seconds',
    queries: [0.5, 0.99].map((share) => ({
      expr: quantile(share, 'cache_invalidation_lag_seconds_bucket'),
      legend: `p${share * 100}`,
    })),
  },
  {
    title: 'Size',
    description: 'Bytes in each process.',
    unit: 'bytes',
    queries: [{ expr: 'cache_bytes', legend: '{{instance}}' }],
  },
  {
    title: 'Entries',
    description: 'Entries in each process.',
    unit: 'count',
    queries: [{ expr: 'cache_size', legend: '{{instance}}' }],
  },
  {
    title: 'Warm-up',
    description: 'Answers fetched before anybody asked, since the start, by where they were.',
    unit: 'count',
    queries: [{ expr: 'sum by (source) (cache_warm_up_total)', legend: '{{source}}' }],
  },
];

const sessions: readonly Panel[] = [
  {
    title: 'Session checks',
    description: 'Tokens by what their session was known from. By signature alone means that Redis is away.',
    unit: 'perSecond',
    kind: 'stacked',
    queries: [{ expr: rate('sessions_checks_total', 'source'), legend: '{{source}}' }],
  },
  {
    title: 'Sessions opened and closed',
    description: 'By login and logout, on all edges.',
    unit: 'perSecond',
    queries: [{ expr: rate('sessions_changes_total', 'change'), legend: '{{change}}' }],
  },
  {
    title: 'Sessions in memory',
    description:
      'Of each process; the live ones of all are keys of Redis. Unsaved is what Redis has yet to be told.',
    unit: 'count',
    queries: [
      { expr: 'sessions_remembered', legend: 'remembered, {{instance}}' },
      { expr: 'sessions_unsaved', legend: 'unsaved, {{instance}}' },
    ],
  },
  {
    title: 'Age of the token key',
    description: 'At least so old is the key that signs. It is to be changed every 90 days.',
    unit: 'seconds',
    queries: [{ expr: 'max by (service) (token_key_age_seconds)', legend: '{{service}}' }],
    alerts: ['TokenKeyOld'],
    runbook: 'token-keys',
  },
  {
    title: 'Certificates',
    description: 'Time until each ends.',
    unit: 'seconds',
    queries: [{ expr: 'probe_ssl_earliest_cert_expiry - time()', legend: '{{instance}}' }],
    alerts: ['CertificateExpiring'],
    runbook: 'certificates',
    elsewhere: 'Without a public address there is no TLS, and nothing for the blackbox exporter to probe.',
  },
];

const protection: readonly Panel[] = [
  {
    title: 'Rate limits',
    description: 'Requests by what the limits of users and of addresses decided.',
    unit: 'requestsPerSecond',
    queries: [{ expr: rate('edge_rate_limit_total', 'kind', 'result'), legend: '{{kind}} {{result}}' }],
  },
  {
    title: 'Shed',
    description:
      'Requests turned away with 503, by who asked and why: the loop was late, or too many were under way.',
    unit: 'requestsPerSecond',
    queries: [{ expr: rate('edge_shed_total', 'class', 'reason'), legend: '{{class}}, {{reason}}' }],
  },
  {
    title: 'Under way',
    description:
      'Requests behind the hot path, and how many there may be; the limit learns from how long they take.',
    unit: 'count',
    queries: [
      { expr: 'edge_inflight', legend: 'under way, {{instance}}' },
      { expr: 'edge_inflight_limit', legend: 'limit, {{instance}}' },
    ],
  },
  {
    title: 'Circuits',
    description: '0 closed, 1 open, 2 half open. Open: the service is not called, cached answers go on.',
    unit: 'count',
    queries: [{ expr: 'max by (name) (resilience_circuitbreaker_state)', legend: '{{name}}' }],
    alerts: ['CircuitOpen'],
    runbook: 'high-error-rate',
  },
  {
    title: 'Bulkheads',
    description: 'Calls under way to each service, and those that wait for their turn.',
    unit: 'count',
    queries: [
      { expr: 'sum by (name) (resilience_bulkhead_active)', legend: 'active, {{name}}' },
      { expr: 'sum by (name) (resilience_bulkhead_queued)', legend: 'queued, {{name}}' },
    ],
  },
  {
    title: 'Retries',
    description: 'Calls that were worth another try: made, or over what the budget allows.',
    unit: 'perSecond',
    queries: [{ expr: rate('resilience_retries_total', 'name', 'result'), legend: '{{name}}, {{result}}' }],
  },
];

export const edgeAndCache: Dashboard = {
  uid: 'flowchart-edge',
  title: 'Edge and cache',
  description: 'Hit ratios, evictions and invalidation; sessions; limits, shedding, circuits and bulkheads.',
  rows: [
    { title: 'Cache', panels: cache },
    { title: 'Sessions and keys', panels: sessions },
    { title: 'Protection', panels: protection },
  ],
};
