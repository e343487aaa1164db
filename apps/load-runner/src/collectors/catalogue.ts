// Every figure that is collected beside the load, with its unit and its meaning: charts take their units from it.

export type Unit = 'cores' | 'bytes' | 'bytesPerSecond' | 'ms' | 'count' | 'share' | 'perSecond';

export interface Figure {
  readonly unit: Unit;
  readonly title: string;
}

const figure = (unit: Unit, title: string): Figure => ({ unit, title });

/** Of any part; a name with a part before it means this figure of that part alone. */
const figures: Readonly<Record<string, Figure>> = {
  cpu: figure('cores', 'CPU'),
  main_thread: figure('cores', 'CPU of the main thread, which runs the event loop'),
  rss: figure('bytes', 'resident memory'),
  fds: figure('count', 'open files and sockets'),
  read: figure('bytesPerSecond', 'read from disk'),
  written: figure('bytesPerSecond', 'written to disk'),
  heap: figure('bytes', 'JavaScript heap in use'),
  heap_total: figure('bytes', 'JavaScript heap taken from the system'),
  loop_delay: figure('ms', 'event loop delay, p99 of the second'),
  loop_delay_max: figure('ms', 'event loop delay, longest of the second'),
  gc: figure('share', 'time in garbage collection'),
  handles: figure('count', 'active handles'),
  resources: figure('count', 'active resources: handles, timers, requests'),
  requests: figure('perSecond', 'requests answered'),
  in_flight: figure('count', 'requests under way, mean of the second'),
  pool_active: figure('count', 'pool: connections in use'),
  pool_idle: figure('count', 'pool: connections free'),
  pool_pending: figure('count', 'pool: callers that wait'),
  pool_max: figure('count', 'pool: connections at most'),
  l1_hit_ratio: figure('share', 'cache in the process: share of look-ups that found something fresh'),
  l2_hit_ratio: figure('share', 'cache in Redis: share of look-ups that found something fresh'),
  cache_entries: figure('count', 'cache in the process: entries'),
  cache_bytes: figure('bytes', 'cache in the process: size'),
  shed: figure('perSecond', 'requests turned away'),
  upstream_queued: figure('count', 'calls to services that wait for their turn'),
  logins_pending: figure('count', 'logins that wait for their password check'),
  connections: figure('count', 'connections'),
  active: figure('count', 'connections that run a statement'),
  idle_in_transaction: figure('count', 'connections idle in a transaction'),
  waiting: figure('count', 'connections that wait in mid-statement: for a lock, a page, the disk'),
  max_connections: figure('count', 'connections at most'),
  transactions: figure('perSecond', 'transactions'),
  hit_ratio: figure('share', 'look-ups that were hits'),
  memory: figure('bytes', 'memory of its data'),
  clients: figure('count', 'clients'),
  blocked_clients: figure('count', 'clients that wait for data'),
  ops: figure('perSecond', 'commands'),
  evictions: figure('perSecond', 'keys evicted for want of memory'),
  keys: figure('count', 'keys'),
  'machine.cpu': figure('share', 'CPU of the machine in use'),
  'machine.steal': figure('share', 'CPU that the hypervisor gave to others'),
  'machine.load': figure('count', 'load: tasks that run or wait, mean of a minute'),
  'machine.memory_available': figure('bytes', 'memory still available'),
  'machine.disk_read': figure('bytesPerSecond', 'read from disk'),
  'machine.disk_write': figure('bytesPerSecond', 'written to disk'),
  'machine.disk_busy': figure('share', 'time in which the busiest disk had work'),
  'machine.net_in': figure('bytesPerSecond', 'received from the network'),
  'machine.net_out': figure('bytesPerSecond', 'sent to the network'),
  'machine.loopback': figure('bytesPerSecond', 'exchanged within the machine'),
};

/** Of a series like `edge-gateway.loop_delay`; undefined where nobody collects such a thing. */
export function describeSeries(name: string): (Figure & { readonly part: string }) | undefined {
  const dot = name.indexOf('.');
  const part = name.slice(0, dot);
  const found = figures[name] ?? figures[name.slice(dot + 1)];
  return found && { part, ...found };
}
