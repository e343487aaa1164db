/** PostgreSQL by its exporter, the services' pools in front of it, and the disk behind it. */
import { quantile, rate, type Dashboard, type Panel } from './dashboard.js';

/** Databases of ours; the others are templates. */
const ours = 'datname!~"template.*|postgres"';
/** Not of loop devices and memory: they are no disks. */
const disks = 'device!~"(loop|ram|zram|dm-).*"';

const connections: readonly Panel[] = [
  {
    title: 'Connections by state',
    description: 'Idle in transaction means that a service forgot one, and holds locks with it.',
    unit: 'count',
    kind: 'stacked',
    queries: [{ expr: `sum by (state) (pg_stat_activity_count{${ours}})`, legend: '{{state}}' }],
    alerts: ['DatabasePoolWaiting'],
    runbook: 'database-connections',
  },
  {
    title: 'Connections in use',
    description: 'Share of max_connections.',
    unit: 'share',
    queries: [{ expr: 'sum(pg_stat_activity_count) / max(pg_settings_max_connections)', legend: 'of all' }],
  },
  {
    title: 'Longest transaction',
    description: 'By database; long ones keep dead rows from being removed.',
    unit: 'seconds',
    queries: [
      { expr: `max by (datname) (pg_stat_activity_max_tx_duration{${ours}})`, legend: '{{datname}}' },
    ],
  },
  {
    title: 'Pools in use',
    description: 'Connections of each service that do something.',
    unit: 'count',
    queries: [{ expr: 'sum by (service) (db_pool_connections_active)', legend: '{{service}}' }],
  },
  {
    title: 'Callers that wait',
    description:
      'For a connection of their service’s pool. Look for slow statements before the pool is made larger.',
    unit: 'count',
    queries: [{ expr: 'sum by (service) (db_pool_connections_pending)', legend: '{{service}}' }],
    alerts: ['DatabasePoolWaiting'],
    runbook: 'database-connections',
  },
  {
    title: 'Wait for a connection, p99',
    description: 'From asking to having it, by service.',
    unit: 'seconds',
    queries: [{ expr: quantile(0.99, 'db_pool_acquire_seconds_bucket', 'service'), legend: '{{service}}' }],
  },
];

const work: readonly Panel[] = [
  {
    title: 'Transactions',
    description: 'Committed, by database.',
    unit: 'perSecond',
    queries: [{ expr: rate(`pg_stat_database_xact_commit{${ours}}`, 'datname'), legend: '{{datname}}' }],
  },
  {
    title: 'Rollbacks, deadlocks and conflicts',
    description: 'What had to be given up.',
    unit: 'perSecond',
    queries: ['xact_rollback', 'deadlocks', 'conflicts'].map((what) => ({
      expr: rate(`pg_stat_database_${what}{${ours}}`),
      legend: what.replace('xact_', ''),
    })),
  },
  {
    title: 'Rows',
    description: 'Read and written. Many more returned than fetched are scans without an index.',
    unit: 'perSecond',
    queries: ['returned', 'fetched', 'inserted', 'updated', 'deleted'].map((what) => ({
      expr: rate(`pg_stat_database_tup_${what}{${ours}}`),
      legend: what,
    })),
  },
  {
    title: 'Blocks found in memory',
    description: 'Share of blocks that did not have to be asked of the operating system.',
    unit: 'share',
    queries: [
      {
        expr: `${rate(`pg_stat_database_blks_hit{${ours}}`, 'datname')} / (${rate(`pg_stat_database_blks_hit{${ours}}`, 'datname')} + ${rate(`pg_stat_database_blks_read{${ours}}`, 'datname')})`,
        legend: '{{datname}}',
      },
    ],
  },
  {
    title: 'Locks',
    description: 'Held and waited for, by mode.',
    unit: 'count',
    queries: [{ expr: `sum by (mode) (pg_locks_count{${ours}})`, legend: '{{mode}}' }],
  },
  {
    title: 'Temporary files',
    description: 'Bytes of sorts and hashes that did not fit into work_mem.',
    unit: 'bytesPerSecond',
    queries: [{ expr: rate(`pg_stat_database_temp_bytes{${ours}}`, 'datname'), legend: '{{datname}}' }],
  },
  {
    title: 'Size',
    description: 'Of each database on disk.',
    unit: 'bytes',
    queries: [{ expr: `pg_database_size_bytes{${ours}}`, legend: '{{datname}}' }],
  },
  {
    title: 'Replica lag',
    description: 'How far behind its primary a replica is, as the replica tells: reads there are as old.',
    unit: 'seconds',
    queries: [{ expr: 'pg_replication_lag_seconds', legend: '{{instance}}' }],
    alerts: ['ReplicaLagging'],
    runbook: 'replica-lag',
    elsewhere: 'One server has no replica, and an exporter before 0.12 does not tell.',
  },
];

const disk: readonly Panel[] = [
  {
    title: 'Disk throughput',
    description: 'Bytes read and written by all disks of the machine.',
    unit: 'bytesPerSecond',
    queries: [
      { expr: rate(`node_disk_read_bytes_total{${disks}}`), legend: 'read' },
      { expr: rate(`node_disk_written_bytes_total{${disks}}`), legend: 'written' },
    ],
  },
  {
    title: 'Disk busy',
    description:
      'Share of the time in which a disk had something to do; an SSD does more at once than this tells.',
    unit: 'share',
    queries: [
      { expr: `rate(node_disk_io_time_seconds_total{${disks}}[$__rate_interval])`, legend: '{{device}}' },
    ],
  },
  {
    title: 'Room on disk',
    description: 'Share of the file system with the least room that is free.',
    unit: 'share',
    queries: [
      {
        expr: 'min by (instance) (node_filesystem_avail_bytes{fstype!~"tmpfs|ramfs|squashfs"} / (node_filesystem_size_bytes > 0))',
        legend: '{{instance}}',
      },
    ],
  },
];

export const database: Dashboard = {
  uid: 'flowchart-database',
  title: 'Database',
  description: 'PostgreSQL, the pools of the services in front of it, and the disk behind it.',
  rows: [
    { title: 'Connections', panels: connections },
    { title: 'Work', panels: work },
    { title: 'Disk', panels: disk },
  ],
};
