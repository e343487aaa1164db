/** Interleaved rounds: everything that is compared is measured in each of them, so that a slow phase hits all alike. */
import { spread, type Spread } from './statistics.js';

/** What one measurement gave, by metric. */
export type Sample = Readonly<Record<string, number>>;

export interface Contestant {
  readonly name: string;
  readonly measure: () => Promise<Sample>;
}

export interface Round {
  /** In which the contestants were measured. */
  readonly order: readonly string[];
  readonly samples: Readonly<Record<string, Sample>>;
}

export interface RoundsOptions {
  readonly rounds: number;
  /** Decides the order within each round. */
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Told before each measurement. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Measures every contestant once in each round, in an order of its own. A round before them is thrown away: it is what
 * compiles the code and fills the caches.
 */
export async function measureRounds(
  contestants: readonly Contestant[],
  { rounds, seed, signal, onProgress }: RoundsOptions,
): Promise<Round[]> {
  const random = seededRandom(seed);
  const measured: Round[] = [];
  for (let number = 0; number <= rounds; number++) {
    const order = shuffled(contestants, random);
    const samples: Record<string, Sample> = {};
    for (const { name, measure } of order) {
      signal.throwIfAborted();
      onProgress?.(`${number === 0 ? 'warm-up' : `round ${number} of ${rounds}`}: ${name}`);
      samples[name] = await measure();
    }
    if (number > 0) measured.push({ order: order.map(({ name }) => name), samples });
  }
  return measured;
}

/** One metric of one contestant, round by round; a round that did not give it is left out. */
export function valuesOf(rounds: readonly Round[], contestant: string, metric: string): number[] {
  return rounds.flatMap(({ samples }) => samples[contestant]?.[metric] ?? []);
}

/** How many times the reference's value the contestant's is: each round's pair alone, then their spread. */
export function ratioOf(
  rounds: readonly Round[],
  metric: string,
  contestant: string,
  reference: string,
): Spread {
  return spread(
    rounds.flatMap(({ samples }) => {
      const [value, base] = [samples[contestant]?.[metric], samples[reference]?.[metric]];
      return value === undefined || base === undefined ? [] : value / base;
    }),
  );
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** mulberry32 (T. Ettinger): numbers from 0 to 1, good enough to shuffle a handful. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
