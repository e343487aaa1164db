// Tells once when a threshold begins to fail and when it holds again; a flicker is not told.

import { conditionName } from './verdict.js';
import type { LiveThreshold } from './watched-threshold.js';

/** A state has to last before it is worth a line: figures of the first seconds swing. */
const lastingSeconds = 3;

interface Known {
  told: boolean;
  current: boolean;
  sinceSecond: number;
}

export class LampChanges {
  private readonly known: Known[] = [];

  /** Sentences about what changed up to this second of the run. */
  second(second: number, lamps: readonly LiveThreshold[]): string[] {
    return lamps.flatMap((lamp, index) => {
      if (lamp.ok === null) return [];
      // Nobody has to be told that all is well at the start.
      const state = (this.known[index] ??= { told: true, current: true, sinceSecond: second });
      if (lamp.ok !== state.current) Object.assign(state, { current: lamp.ok, sinceSecond: second });
      if (state.told === state.current || second - state.sinceSecond + 1 < lastingSeconds) return [];
      state.told = state.current;
      return [sentence(lamp, state.sinceSecond)];
    });
  }
}

function sentence({ metric, condition, windowMs, ok, actual }: LiveThreshold, sinceSecond: number): string {
  const name = `threshold ${metric} ${conditionName({ condition, windowMs })}`;
  const now = actual === undefined ? 'no samples' : `now ${Number(actual.toPrecision(4))}`;
  return `${name} ${ok ? 'holds again' : 'is failing'} since second ${sinceSecond} (${now})`;
}
