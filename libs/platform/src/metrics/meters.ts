/** All that a process measures, under Micrometer's names and under those of Prometheus. */
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { openMetricsPage } from './open-metrics.js';
import { Timer, type Tags, type TimerOptions } from './timer.js';

export type BaseUnit =
  'seconds' | 'bytes' | 'percent' | 'connections' | 'requests' | 'entries' | 'threads' | 'events';

export interface MeterDefinition {
  /** Micrometer's dotted name, `db.pool.connections.active`; the Prometheus name is derived from it. */
  readonly name: string;
  readonly description: string;
  readonly baseUnit?: BaseUnit;
  readonly tags?: readonly string[];
}

export interface Measurement {
  readonly statistic: 'COUNT' | 'TOTAL_TIME' | 'MAX' | 'VALUE';
  readonly value: number;
  readonly tags: Tags;
}

/** A meter as the actuator shows it. */
export interface Meter {
  readonly definition: MeterDefinition;
  read(): Promise<Measurement[]>;
}

/**
 * prom-client's metrics of what `RuntimeMeters` measures, too. Its delays of the event loop have the 10 ms of the timer in
 * them that measures; two figures of one thing would be two truths.
 */
const measuredBetter = [
  ...['', '_min', '_max', '_mean', '_stddev', '_p50', '_p90', '_p99'].map(
    (figure) => `nodejs_eventloop_lag${figure}_seconds`,
  ),
  'nodejs_gc_duration_seconds',
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_external_memory_bytes',
  'process_resident_memory_bytes',
];

const promName = (name: string) => name.replaceAll(/[.-]/g, '_');

/** All that this process measures: made here under Micrometer names, exposed by prom-client under Prometheus'. */
@Injectable()
export class Meters {
  readonly registry = new Registry();
  private readonly meters = new Map<string, Meter>();
  private readonly timers = new Map<string, Timer>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    for (const name of measuredBetter) this.registry.removeSingleMetric(name);
  }

  counter(definition: MeterDefinition): Counter {
    const name = `${promName(definition.name)}_total`;
    const labelNames = [...(definition.tags ?? [])];
    const counter = new Counter({
      name,
      help: definition.description,
      labelNames,
      registers: [this.registry],
    });
    this.add(definition, async () => readings('COUNT', (await counter.get()).values));
    return counter;
  }

  /** A counter that somebody else counts, because `inc` costs too much there; `read` is asked at each scrape. */
  countOf(definition: MeterDefinition, read: () => { tags: Tags; value: number }[]): void {
    const counter = new Counter({
      name: `${promName(definition.name)}_total`,
      help: definition.description,
      labelNames: [...(definition.tags ?? [])],
      registers: [this.registry],
      collect() {
        const now = read();
        this.reset();
        for (const { tags, value } of now) this.inc({ ...tags }, value);
      },
    });
    this.add(definition, async () => readings('COUNT', (await counter.get()).values));
  }

  /** `read` is asked at each scrape: one number, or one for each set of tags. */
  gauge(definition: MeterDefinition, read: () => number | { tags: Tags; value: number }[]): void {
    const gauge = new Gauge({
      name: promName(definition.name),
      help: definition.description,
      labelNames: [...(definition.tags ?? [])],
      registers: [this.registry],
      collect() {
        const now = read();
        this.reset();
        if (typeof now === 'number') return this.set(now);
        for (const { tags, value } of now) this.set({ ...tags }, value);
      },
    });
    this.add(definition, async () => readings('VALUE', (await gauge.get()).values));
  }

  /** Made at the first call for a name; whoever asks again records into the same timer. */
  timer(definition: Omit<MeterDefinition, 'baseUnit'>, options?: TimerOptions): Timer {
    const known = this.timers.get(definition.name);
    if (known) return known;
    const { name, description } = definition;
    const timer = new Timer(`${promName(name)}_seconds`, description, options).register(this.registry);
    this.timers.set(definition.name, timer);
    this.add({ ...definition, baseUnit: 'seconds' }, async () =>
      timer.all().flatMap((series): Measurement[] => [
        { statistic: 'COUNT', value: series.count, tags: series.tags },
        { statistic: 'TOTAL_TIME', value: series.sumSeconds, tags: series.tags },
        { statistic: 'MAX', value: series.maxSeconds(), tags: series.tags },
      ]),
    );
    return timer;
  }

  /** The page for who takes `accept`: in OpenMetrics' form where that is welcome and shows more. */
  async page(accept = ''): Promise<{ contentType: string; text: string }> {
    const hasExemplars = [...this.timers.values()].some((timer) => timer.hasExemplars);
    return hasExemplars && accept.includes('application/openmetrics-text')
      ? { contentType: Registry.OPENMETRICS_CONTENT_TYPE, text: await openMetricsPage(this.registry) }
      : { contentType: this.registry.contentType, text: await this.registry.metrics() };
  }

  names(): string[] {
    return [...this.meters.keys()].sort();
  }

  find(name: string): Meter | undefined {
    return this.meters.get(name);
  }

  private add(definition: MeterDefinition, read: () => Promise<Measurement[]>): void {
    this.meters.set(definition.name, { definition, read });
  }
}

const readings = (
  statistic: Measurement['statistic'],
  values: { value: number; labels: Partial<Record<string, string | number>> }[],
): Measurement[] =>
  values.map(({ value, labels }) => ({
    statistic,
    value,
    tags: Object.fromEntries(Object.entries(labels).map(([tag, text]) => [tag, String(text)])),
  }));
