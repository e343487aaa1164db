// The figures of a long run, by second and name, in the memory that the numbers themselves take.

import type { SystemSecond } from '../analysis/findings.js';

const firstSeconds = 256;

/**
 * A column of 8 bytes a second for each name. An object for each second takes ten times that, which a run of an hour
 * would show as a generator that grows.
 */
export class Columns {
  private readonly columns = new Map<string, Float64Array>();
  private seconds = 0;

  /** Seconds are counted from 0; a figure that is told twice is what it was told last. */
  set(second: number, name: string, value: number): void {
    let column = this.columns.get(name);
    if (!column || second >= column.length) {
      column = longer(column, second + 1);
      this.columns.set(name, column);
    }
    column[second] = value;
    this.seconds = Math.max(this.seconds, second + 1);
  }

  /** In order, without seconds of which nothing is known. */
  rows(): SystemSecond[] {
    const rows: SystemSecond[] = [];
    for (let second = 0; second < this.seconds; second++) {
      const values = this.at(second);
      if (Object.keys(values).length > 0) rows.push({ second, values });
    }
    return rows;
  }

  private at(second: number): Record<string, number> {
    const values: Record<string, number> = {};
    for (const [name, column] of this.columns) {
      const value = column[second] ?? NaN;
      if (!Number.isNaN(value)) values[name] = value;
    }
    return values;
  }
}

/** Not a number is what nobody told. */
function longer(column: Float64Array | undefined, atLeast: number): Float64Array {
  const grown = new Float64Array(Math.max(firstSeconds, atLeast, 2 * (column?.length ?? 0))).fill(NaN);
  if (column) grown.set(column);
  return grown;
}
