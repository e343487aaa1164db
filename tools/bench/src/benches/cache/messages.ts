/** What the bench and the process that is measured tell each other. */
export const cacheNames = ['own', 'bentocache', 'bentocache, not serialised', 'cache-manager'] as const;
export type CacheName = (typeof cacheNames)[number];
export type Level = 'L1' | 'L2';

/** Sent once: what to measure from then on. */
export interface Order {
  readonly cache: CacheName;
  readonly level: Level;
  readonly redisPort: number;
  readonly keys: readonly string[];
}

/** Sent for each measurement. */
export interface Turn {
  readonly measureMs: number;
}

export interface TurnResult {
  readonly hits: number;
  readonly elapsedMs: number;
  readonly cpuUs: number;
}
