import type { Meters } from '@flowchart/platform';

/** The look-ups of one route, by level and result. Keep it where the route is handled: counting is an addition. */
export interface Gets {
  readonly L1: { hit: number; stale: number; miss: number };
  readonly L2: { hit: number; miss: number };
}

interface Reading {
  readonly tags: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a cache tells about itself. */
export class CacheMeters {
  /** Entries removed: by a change of what they show, or in this process to make room for others. */
  readonly evictions = { L1: { change: 0, room: 0 }, L2: { change: 0 } };
  /** From a fact's commit until what it makes untrue is gone from this process and from Redis. */
  readonly invalidationLag;
  private readonly routes = new Map<string, Gets>();

  constructor(meters: Meters, memory: { readonly size: number; readonly bytes: number }) {
    meters.countOf(
      {
        name: 'cache.gets',
        description: 'Look-ups by route, level and result',
        tags: ['result', 'level', 'route'],
      },
      () => this.all(lookUps),
    );
    meters.gauge(
      {
        name: 'cache.hit.ratio',
        description: 'Share of look-ups since the start that found something fresh',
        tags: ['level', 'route'],
      },
      () => this.all(hitRatios),
    );
    meters.countOf(
      { name: 'cache.evictions', description: 'Entries removed', tags: ['level', 'cause'] },
      () => perLevel(this.evictions, (level, cause, value) => ({ tags: { level, cause }, value })),
    );
    const lag = {
      name: 'cache.invalidation.lag',
      description: 'From the time of an event to the end of the eviction that it causes here',
    };
    this.invalidationLag = meters.timer(lag).for({});
    const [size, bytes] = ['Entries in this process', 'Bytes in this process'];
    meters.gauge({ name: 'cache.size', description: size, baseUnit: 'entries' }, () => memory.size);
    meters.gauge({ name: 'cache.bytes', description: bytes, baseUnit: 'bytes' }, () => memory.bytes);
  }

  getsOf(route: string): Gets {
    const known = this.routes.get(route);
    if (known) return known;
    const gets: Gets = { L1: { hit: 0, stale: 0, miss: 0 }, L2: { hit: 0, miss: 0 } };
    this.routes.set(route, gets);
    return gets;
  }

  private all(readings: (gets: Gets, route: string) => Reading[]): Reading[] {
    return [...this.routes].flatMap(([route, gets]) => readings(gets, route));
  }
}

const lookUps = (gets: Gets, route: string): Reading[] =>
  perLevel(gets, (level, result, value) => ({ tags: { result, level, route }, value }));

/** A level that has not been asked yet has no ratio. */
function hitRatios(gets: Gets, route: string): Reading[] {
  return Object.entries(gets).flatMap(([level, results]: [string, Gets[keyof Gets]]) => {
    const all = Object.values(results).reduce((sum, count) => sum + count, 0);
    return all === 0 ? [] : [{ tags: { level, route }, value: results.hit / all }];
  });
}

function perLevel(
  counts: object,
  reading: (level: string, name: string, value: number) => Reading,
): Reading[] {
  return Object.entries(counts).flatMap(([level, byName]: [string, Record<string, number>]) =>
    Object.entries(byName).map(([name, value]) => reading(level, name, value)),
  );
}
