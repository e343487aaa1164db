// Every metric a run reports and a threshold may name: k6's names and types, plus a few of our own.

export type MetricType = 'trend' | 'rate' | 'counter' | 'gauge';

export interface MetricDefinition {
  readonly type: MetricType;
  /** What the values are, in k6's words: milliseconds, bytes or plain numbers. */
  readonly contains: 'time' | 'data' | 'default';
  /** Tags by which a threshold may narrow the metric down, as in `http_req_duration{name:login}`. */
  readonly tags: readonly string[];
  /** What is worked out only when the run is over has no windows, and cannot end it. */
  readonly known: 'always' | 'afterwards';
}

const define = (
  type: MetricType,
  contains: MetricDefinition['contains'] = 'default',
  tags: readonly string[] = [],
): MetricDefinition => ({ type, contains, tags, known: 'always' });

const afterwards = (type: MetricType, tags: readonly string[] = []): MetricDefinition => ({
  ...define(type, 'default', tags),
  known: 'afterwards',
});

/** What a tag can be: a value that it never has would count nothing, and a count of nothing may pass. */
export const tagValues: Readonly<Record<string, { readonly pattern: RegExp; readonly wanted: string }>> = {
  method: { pattern: /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/, wanted: 'a method in capitals, like GET' },
  status: { pattern: /^(0|[1-5]\d\d)$/, wanted: 'a status like 503, or 0 for requests without an answer' },
  expected_response: { pattern: /^(true|false)$/, wanted: 'true or false' },
};

export const metricCatalogue: Readonly<Record<string, MetricDefinition>> = {
  checks: define('rate', 'default', ['check', 'stage']),
  data_received: define('counter', 'data'),
  data_sent: define('counter', 'data'),
  http_req_blocked: define('trend', 'time'),
  http_req_connecting: define('trend', 'time'),
  http_req_duration: define('trend', 'time', ['name', 'method', 'expected_response', 'stage']),
  http_req_failed: define('rate', 'default', ['name', 'method', 'stage']),
  http_req_receiving: define('trend', 'time'),
  http_req_sending: define('trend', 'time'),
  http_req_waiting: define('trend', 'time'),
  http_reqs: define('counter', 'default', ['name', 'method', 'status', 'stage']),
  iteration_duration: define('trend', 'time'),
  iterations: define('counter'),
  vus: define('gauge'),
  vus_max: define('gauge'),
  // Not in k6: what it leaves out of sight.
  http_req_response: define('trend', 'time', ['name', 'method', 'expected_response', 'stage']),
  dropped_requests: define('counter', 'default', ['stage']),
  offered_ratio: define('gauge', 'default', ['stage']),
  queue_length: define('gauge', 'default', ['stage']),
  http_req_lost: define('counter', 'default', ['name', 'method']),
  http_req_timeouts: define('counter', 'default', ['name', 'method']),
  http_req_refused: define('counter', 'default', ['name', 'method']),
  http_req_resent: define('counter'),
  http_req_censored: define('counter'),
  logins_repeated: define('counter'),
  plan_conflicts: define('counter'),
  audit_violations: afterwards('counter', ['check']),
  // The generator's own health: a sample for each second of the run, of the worst worker (CPU: cores of all together).
  generator_loop_delay: define('trend', 'time', ['stage']),
  generator_utilization: define('trend', 'default', ['stage']),
  generator_cpu: define('trend', 'default', ['stage']),
  // Before and after the load; the ratio is to those wanted, whatever their number.
  sessions_live: afterwards('gauge'),
  sessions_live_ratio: afterwards('gauge'),
  fault_recovery_seconds: afterwards('gauge'),
  faults_failed: afterwards('counter'),
  recovery_seconds: afterwards('gauge'),
  recovery_ratio: afterwards('gauge'),
  leaks: afterwards('gauge'),
  knee_rate: afterwards('gauge'),
};
