// shard.ndjson.gz: everything one process of a striped run was told by its workers, second by second, so that the whole run
// can be put together from all of them exactly as one process would have done it.

import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Delta } from '../engine/delta.js';

export const deltaLogName = 'shard.ndjson.gz';

/** Compressed as it is written: an hour of a busy run is some 50 MB on disk and nothing in memory. */
export class DeltaLogWriter {
  private readonly gzip = createGzip();
  private readonly written: Promise<void>;

  constructor(readonly path: string) {
    this.written = pipeline(this.gzip, createWriteStream(path));
    // A disk that is full must not end the process in the middle of the load: whoever closes the log is told.
    this.written.catch(() => undefined);
  }

  write(deltas: readonly Delta[]): void {
    if (this.gzip.destroyed) return;
    this.gzip.write(`${JSON.stringify(deltas, plainArrays)}\n`);
  }

  /** Resolves when everything is on disk, rejects where it could not be written; a second call does nothing more. */
  async close(): Promise<void> {
    if (!this.gzip.writableEnded) this.gzip.end();
    await this.written;
  }
}

/** A log is not there, or not all of it; the message says which. */
export class DeltaLogError extends Error {
  override readonly name = 'DeltaLogError';
}

/**
 * The deltas of one second after another.
 *
 * @throws DeltaLogError when the file cannot be read to its end, as one that was copied in part
 */
export async function* readDeltaLog(path: string): AsyncGenerator<Delta[]> {
  const unzipped = createGunzip();
  const reading = pipeline(createReadStream(path), unzipped);
  // The lines below end with the same trouble.
  reading.catch(() => undefined);
  try {
    for await (const line of createInterface({ input: unzipped })) {
      yield JSON.parse(line, typedArrays) as Delta[];
    }
    await reading;
  } catch (cause) {
    throw new DeltaLogError(`${path} cannot be read to its end (${(cause as Error).message})`, { cause });
  } finally {
    unzipped.destroy();
  }
}

/** The two arrays of a histogram, by the names that `HistogramDelta` gives them. */
const isHistogramArray = (key: string): boolean => key === 'values' || key === 'counts';

const plainArrays = (key: string, value: unknown): unknown =>
  isHistogramArray(key) && value instanceof Float64Array ? [...value] : value;

const typedArrays = (key: string, value: unknown): unknown =>
  isHistogramArray(key) && Array.isArray(value) ? Float64Array.from(value as number[]) : value;
