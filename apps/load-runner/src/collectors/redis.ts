// A Redis server by its INFO: memory, commands, hits, clients, evictions, keys.

import { Redis } from 'ioredis';
import { performance } from 'node:perf_hooks';
import { Rates, ofPart, type Collector, type Values } from './collector.js';

const limitMs = 900;
const reconnectMs = 500;

export class RedisCollector implements Collector {
  readonly name: string;
  private readonly client: Redis;
  private readonly rates = new Rates();

  constructor(
    private readonly part: string,
    url: string,
  ) {
    this.name = `${part} (INFO)`;
    this.client = new Redis(url, {
      lazyConnect: true,
      connectTimeout: limitMs,
      commandTimeout: limitMs,
      maxRetriesPerRequest: 0,
      // A reading that comes late is of no use.
      enableOfflineQueue: false,
      retryStrategy: () => reconnectMs,
      connectionName: 'load-runner',
    });
    // The next reading says what is wrong.
    this.client.on('error', () => undefined);
  }

  async read(): Promise<Values> {
    if (this.client.status === 'wait') await this.client.connect();
    const info = parseInfo(await this.client.info());
    this.rates.begin(performance.now());
    return ofPart(this.part, {
      memory: Number(info['used_memory']),
      clients: Number(info['connected_clients']),
      blocked_clients: Number(info['blocked_clients']),
      ops: this.rates.perSecond('ops', Number(info['total_commands_processed'])),
      hit_ratio: this.rates.hitRatio({
        hits: Number(info['keyspace_hits']),
        misses: Number(info['keyspace_misses']),
      }),
      evictions: this.rates.perSecond('evictions', Number(info['evicted_keys'])),
      keys: keysOf(info),
    });
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }
}

/** `name:value` lines under headings. */
export const parseInfo = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(/\r?\n/)
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );

/** Of all databases: `db0:keys=12,expires=3,avg_ttl=0`. One that is empty has no line. */
const keysOf = (info: Readonly<Record<string, string>>): number =>
  Object.entries(info)
    .filter(([name]) => /^db\d+$/.test(name))
    .reduce((total, [, value]) => total + Number(/keys=(\d+)/.exec(value)?.[1] ?? 0), 0);
