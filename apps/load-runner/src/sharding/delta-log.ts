// shard.ndjson.gz: everything one process of a striped run was told by its workers, second by second, so that the whole run
// can be put together from all of them exactly as one process would have done it.

import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Delta } from '../engine/delta.js';

export const deltaLogName = 'shard.ndjson.gz';

/** Compressed as it is written: an hour of a busy run is some 50 MB on disk and nothing in memory. */
export class DeltaLogWriter {
  private readonly gzip = createGzip();
  private readonly file;

  constructor(readonly path: string) {
    this.file = createWriteStream(path);
    this.gzip.pipe(this.file);
  }

  write(deltas: readonly Delta[]): void {
    this.gzip.write(`${JSON.stringify(deltas, plainArrays)}\n`);
  }

  /** Resolves when everything is on disk; a second call does nothing more. */
  async close(): Promise<void> {
    if (!this.gzip.writableEnded) this.gzip.end();
    await finished(this.file);
  }
}

/** The deltas of one second after another. */
export async function* readDeltaLog(path: string): AsyncGenerator<Delta[]> {
  const lines = createInterface({ input: createReadStream(path).pipe(createGunzip()) });
  for await (const line of lines) yield JSON.parse(line, typedArrays) as Delta[];
}

/** The two arrays of a histogram, by the names that `HistogramDelta` gives them. */
const isHistogramArray = (key: string): boolean => key === 'values' || key === 'counts';

const plainArrays = (key: string, value: unknown): unknown =>
  isHistogramArray(key) && value instanceof Float64Array ? [...value] : value;

const typedArrays = (key: string, value: unknown): unknown =>
  isHistogramArray(key) && Array.isArray(value) ? Float64Array.from(value as number[]) : value;
