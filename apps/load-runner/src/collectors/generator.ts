// The generator as one more part beside those that it loads: they may share a machine.

import type { SystemSecond } from '../analysis/findings.js';
import type { Second } from '../engine/timeline.js';
import { ofPart, type Collector, type Values } from './collector.js';

export class GeneratorCollector implements Collector {
  readonly name = 'generator';
  private readonly seconds = new Map<number, Values>();

  /** Its threads tell of themselves with each second. */
  second({ second, generatorCpu, loopDelayP99Ms }: Second): void {
    this.seconds.set(second, ofPart(this.name, { cpu: generatorCpu, loop_delay: loopDelayP99Ms }));
  }

  /** Memory is of the whole process: all threads, and what goes along with them. */
  async read(): Promise<Values> {
    return ofPart(this.name, { rss: process.memoryUsage.rss() });
  }

  /** Seconds of the load alone: the last reading may come after it. */
  join(system: readonly SystemSecond[]): SystemSecond[] {
    return system.flatMap(({ second, values }) => {
      const own = this.seconds.get(second);
      return own ? [{ second, values: { ...values, ...own } }] : [];
    });
  }
}
