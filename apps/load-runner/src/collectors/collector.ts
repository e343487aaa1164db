// What a collector is: somebody who is asked once a second how a part of the system does.

/** Figures by their flat name: `edge-gateway.cpu`, `redis.memory`. Units: see the catalogue. */
export type Values = Readonly<Record<string, number>>;

export interface Collector {
  /** Of whom and from where; begins the sentence that tells of gaps. */
  readonly name: string;
  /** What is true now, and what happened since the last reading; the first one only has the former. Rejects when nothing can be had. */
  read(): Promise<Values>;
  close?(): Promise<void>;
}

/** Turns a total that only grows into what it grew by each second. */
export class Rates {
  private readonly before = new Map<string, number>();
  private beforeAtMs: number | undefined;
  private elapsedSeconds = 0;

  /** Call once before the totals of a reading. */
  begin(nowMs: number): void {
    this.elapsedSeconds = this.beforeAtMs === undefined ? 0 : (nowMs - this.beforeAtMs) / 1000;
    this.beforeAtMs = nowMs;
  }

  /** Undefined at the first sight of a total. One that fell belongs to somebody who began anew: it counts from 0. */
  perSecond(name: string, total: number): number | undefined {
    const grown = this.grown(name, total);
    return grown === undefined || this.elapsedSeconds <= 0 ? undefined : grown / this.elapsedSeconds;
  }

  grown(name: string, total: number): number | undefined {
    const before = this.before.get(name);
    this.before.set(name, total);
    if (before === undefined) return undefined;
    return total < before ? total : total - before;
  }

  /** Share of the look-ups since the reading before that found something; undefined where there were none. */
  hitRatio(totals: { readonly hits: number; readonly misses: number }): number | undefined {
    const hits = this.grown('hits', totals.hits);
    const misses = this.grown('misses', totals.misses);
    if (hits === undefined || misses === undefined || hits + misses === 0) return undefined;
    return hits / (hits + misses);
  }
}

/** Leaves out what could not be said. */
export function known(values: Readonly<Record<string, number | undefined>>): Record<string, number> {
  const certain: Record<string, number> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && Number.isFinite(value)) certain[name] = value;
  }
  return certain;
}

/** The figures of one part, under its name. */
export function ofPart(part: string, figures: Readonly<Record<string, number | undefined>>): Values {
  return Object.fromEntries(
    Object.entries(known(figures)).map(([figure, value]) => [`${part}.${figure}`, value]),
  );
}
