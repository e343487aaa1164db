// A service by its own metrics: /actuator/prometheus, once a second over one kept connection.

import { Agent, get } from 'node:http';
import { performance } from 'node:perf_hooks';
import { Rates, ofPart, type Collector, type Values } from './collector.js';
import { readSamples, type Sample } from './prometheus-text.js';

const timeoutMs = 900;

/** Figures that are a number of the page, times a factor; several samples of a name add up. */
const gauges: Readonly<Record<string, { readonly figure: string; readonly factor: number }>> = {
  nodejs_memory_heap_used: { figure: 'heap', factor: 1 },
  nodejs_memory_heap_total: { figure: 'heap_total', factor: 1 },
  nodejs_eventloop_delay_p99: { figure: 'loop_delay', factor: 1000 },
  nodejs_eventloop_delay_max: { figure: 'loop_delay_max', factor: 1000 },
  nodejs_active_handles_total: { figure: 'handles', factor: 1 },
  nodejs_active_resources_total: { figure: 'resources', factor: 1 },
  db_pool_connections_active: { figure: 'pool_active', factor: 1 },
  db_pool_connections_idle: { figure: 'pool_idle', factor: 1 },
  db_pool_connections_pending: { figure: 'pool_pending', factor: 1 },
  db_pool_connections_max: { figure: 'pool_max', factor: 1 },
  cache_size: { figure: 'cache_entries', factor: 1 },
  cache_bytes: { figure: 'cache_bytes', factor: 1 },
  resilience_bulkhead_queued: { figure: 'upstream_queued', factor: 1 },
  logins_pending: { figure: 'logins_pending', factor: 1 },
};
/** What the kernel tells better where the process can be seen. */
const processGauges: typeof gauges = {
  process_memory_rss: { figure: 'rss', factor: 1 },
  process_open_fds: { figure: 'fds', factor: 1 },
};

const requestsCount = 'http_server_requests_seconds_count';
const requestsTime = 'http_server_requests_seconds_sum';
const gcTime = 'nodejs_gc_pause_seconds_sum';
const cpuTime = 'process_cpu_seconds_total';
const cacheGets = 'cache_gets_total';
const shed = 'edge_shed_total';

export interface ActuatorOptions {
  readonly part: string;
  /** Where it listens now: `http://127.0.0.1:9001`. */
  readonly address: string;
  /** CPU, memory and files as well: where nobody else can tell. */
  readonly withProcess: boolean;
}

export class ActuatorCollector implements Collector {
  readonly name: string;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly rates = new Rates();
  private readonly gauges: typeof gauges;
  private readonly wanted: ReadonlySet<string>;

  constructor(private readonly options: ActuatorOptions) {
    this.name = `${options.part} (actuator)`;
    this.gauges = options.withProcess ? { ...gauges, ...processGauges } : gauges;
    const totals = [requestsCount, requestsTime, gcTime, cacheGets, shed];
    this.wanted = new Set([
      ...Object.keys(this.gauges),
      ...totals,
      ...(options.withProcess ? [cpuTime] : []),
    ]);
  }

  async read(): Promise<Values> {
    const page = await fetchText(`${this.options.address}/actuator/prometheus`, this.agent);
    const samples = readSamples(page, this.wanted);
    if (samples.length === 0) throw new Error('what answers there is no page of metrics');
    this.rates.begin(performance.now());
    const figures: Record<string, number | undefined> = {};
    for (const { name, value } of samples) {
      const gauge = this.gauges[name];
      if (gauge) figures[gauge.figure] = (figures[gauge.figure] ?? 0) + value * gauge.factor;
    }
    return ofPart(this.options.part, { ...figures, ...this.totals(samples) });
  }

  async close(): Promise<void> {
    this.agent.destroy();
  }

  private totals(samples: readonly Sample[]): Record<string, number | undefined> {
    const rate = (name: string, keep: (sample: Sample) => boolean = () => true): number | undefined => {
      const own = samples.filter((sample) => sample.name === name && keep(sample));
      if (own.length === 0) return undefined;
      return this.rates.perSecond(
        name,
        own.reduce((total, { value }) => total + value, 0),
      );
    };
    return {
      cpu: rate(cpuTime),
      gc: rate(gcTime),
      shed: rate(shed),
      requests: rate(requestsCount, isUsers),
      // Little's law: what all answers of a second waited together, over that second, is how many were under way.
      in_flight: rate(requestsTime, isUsers),
      l1_hit_ratio: this.hitRatio(samples, 'L1'),
      l2_hit_ratio: this.hitRatio(samples, 'L2'),
    };
  }

  private hitRatio(samples: readonly Sample[], level: string): number | undefined {
    const own = samples.filter(({ name, labels }) => name === cacheGets && labels['level'] === level);
    const sum = (some: readonly Sample[]): number => some.reduce((total, { value }) => total + value, 0);
    const all = this.rates.grown(`gets ${level}`, sum(own));
    const hits = this.rates.grown(
      `hits ${level}`,
      sum(own.filter(({ labels }) => labels['result'] === 'hit')),
    );
    return all === undefined || hits === undefined || all === 0 ? undefined : hits / all;
  }
}

/** Not what we and other watchers ask for. */
const isUsers = ({ labels }: Sample): boolean => !(labels['uri'] ?? '').startsWith('/actuator');

/** @throws on any answer but 200, and when it takes longer than a second */
export function fetchText(url: string, agent?: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { ...(agent && { agent }) }, (response) => {
      response.setEncoding('utf8');
      let body = '';
      response.on('data', (chunk: string) => (body += chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`status ${response.statusCode}`));
      });
    });
    // Of the whole answer: a drip of bytes would keep an idle timeout quiet for ever.
    const deadline = setTimeout(
      () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    request.on('close', () => clearTimeout(deadline));
    request.on('error', reject);
  });
}
