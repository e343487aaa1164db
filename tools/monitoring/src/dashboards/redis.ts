/** Redis by its exporter: memory, commands, keys; it holds sessions, cached answers, limits and the stream of events. */
import { rate, type Dashboard, type Panel } from './dashboard.js';

const memory: readonly Panel[] = [
  {
    title: 'Memory',
    description: 'In use, and what it may take.',
    unit: 'bytes',
    queries: [
      { expr: 'redis_memory_used_bytes', legend: 'used, {{instance}}' },
      { expr: 'redis_memory_max_bytes', legend: 'at most, {{instance}}' },
    ],
  },
  {
    title: 'Memory in use',
    description: 'Share of what it may take. Above 90 % sessions are evicted next.',
    unit: 'share',
    queries: [{ expr: 'redis_memory_used_bytes / (redis_memory_max_bytes > 0)', legend: '{{instance}}' }],
    alerts: ['RedisMemoryHigh'],
    runbook: 'cache',
  },
  {
    title: 'Keys',
    description: 'By database, and those of them that expire.',
    unit: 'count',
    queries: [
      { expr: 'sum by (db) (redis_db_keys) > 0', legend: '{{db}}' },
      { expr: 'sum by (db) (redis_db_keys_expiring) > 0', legend: '{{db}} expiring' },
    ],
  },
  {
    title: 'Evicted and expired',
    description: 'Evicted for want of memory, which must not happen; expired in time.',
    unit: 'perSecond',
    queries: [
      { expr: rate('redis_evicted_keys_total'), legend: 'evicted' },
      { expr: rate('redis_expired_keys_total'), legend: 'expired' },
    ],
  },
];

const work: readonly Panel[] = [
  {
    title: 'Commands',
    description: 'All together.',
    unit: 'perSecond',
    queries: [{ expr: rate('redis_commands_processed_total', 'instance'), legend: '{{instance}}' }],
  },
  {
    title: 'Commands by name',
    description: 'The ten most frequent.',
    unit: 'perSecond',
    queries: [{ expr: `topk(10, ${rate('redis_commands_total', 'cmd')})`, legend: '{{cmd}}' }],
  },
  {
    title: 'Time of commands',
    description: 'Mean time of each command in Redis itself; the ten slowest.',
    unit: 'seconds',
    queries: [
      {
        expr: `topk(10, ${rate('redis_commands_duration_seconds_total', 'cmd')} / ${rate('redis_commands_total', 'cmd')})`,
        legend: '{{cmd}}',
      },
    ],
  },
  {
    title: 'Found',
    description: 'Share of look-ups of keys that found one.',
    unit: 'share',
    queries: [
      {
        expr: `${rate('redis_keyspace_hits_total')} / (${rate('redis_keyspace_hits_total')} + ${rate('redis_keyspace_misses_total')})`,
        legend: 'found',
      },
    ],
  },
  {
    title: 'CPU',
    description: 'Cores in use. Commands run one after the other: near 1 it is full.',
    unit: 'cores',
    queries: [
      { expr: rate('redis_cpu_user_seconds_total'), legend: 'user' },
      { expr: rate('redis_cpu_sys_seconds_total'), legend: 'system' },
    ],
  },
  {
    title: 'Slow log',
    description: 'Entries of SLOWLOG: commands that took longer than slowlog-log-slower-than.',
    unit: 'count',
    queries: [{ expr: 'redis_slowlog_length', legend: '{{instance}}' }],
  },
];

const clients: readonly Panel[] = [
  {
    title: 'Clients',
    description: 'Connected ones, and those that wait in a blocking command: each reader of events is one.',
    unit: 'count',
    queries: [
      { expr: 'redis_connected_clients', legend: 'connected' },
      { expr: 'redis_blocked_clients', legend: 'blocked' },
    ],
  },
  {
    title: 'Network',
    description: 'Bytes in and out.',
    unit: 'bytesPerSecond',
    queries: [
      { expr: rate('redis_net_input_bytes_total'), legend: 'in' },
      { expr: rate('redis_net_output_bytes_total'), legend: 'out' },
    ],
  },
  {
    title: 'Refused connections',
    description: 'Over maxclients.',
    unit: 'perSecond',
    queries: [{ expr: rate('redis_rejected_connections_total'), legend: 'refused' }],
  },
];

export const redis: Dashboard = {
  uid: 'flowchart-redis',
  title: 'Redis',
  description: 'Memory, commands and clients of what holds sessions, cached answers, limits and events.',
  rows: [
    { title: 'Memory', panels: memory },
    { title: 'Work', panels: work },
    { title: 'Clients', panels: clients },
  ],
};
