// Tokens of a million sessions stay in their file, a token a line: only where each line begins is kept, four bytes a token.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ConfigError } from '../config.js';

const newline = '\n'.charCodeAt(0);
const chunkBytes = 1 << 20;
/** Offsets have 32 bits. */
const largestFileBytes = 2 ** 32 - 1;
const longestTokenBytes = 8192;

export class TokenFile {
  private readonly line = Buffer.alloc(longestTokenBytes);

  private constructor(
    private readonly descriptor: number,
    /** Where each line begins, and where the one after the last would. */
    private readonly offsets: Uint32Array,
  ) {}

  /** Refuses a file with fewer tokens than are needed. */
  static open(path: string, count: number): TokenFile {
    let descriptor: number;
    try {
      descriptor = openSync(path, 'r');
    } catch (cause) {
      throw new ConfigError(`${path}: no tokens can be read (${(cause as NodeJS.ErrnoException).code})`);
    }
    const offsets = lineStarts(descriptor, path, count);
    return new TokenFile(descriptor, offsets);
  }

  /** A read of a few hundred bytes from the page cache: some µs. */
  token(index: number): string {
    const from = this.offsets[index] ?? 0;
    const length = Math.min((this.offsets[index + 1] ?? from + 1) - from - 1, longestTokenBytes);
    readSync(this.descriptor, this.line, 0, length, from);
    return this.line.toString('latin1', 0, length);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

function lineStarts(descriptor: number, path: string, count: number): Uint32Array {
  if (fstatSync(descriptor).size > largestFileBytes) throw new ConfigError(`${path} is larger than 4 GB`);
  const offsets = new Uint32Array(count + 1);
  const chunk = Buffer.alloc(chunkBytes);
  let lines = 0;
  for (let position = 0; lines < count; position += chunkBytes) {
    const length = readSync(descriptor, chunk, 0, chunkBytes, position);
    if (length === 0) throw new ConfigError(`${path} has ${lines} tokens, and ${count} are needed`);
    for (let at = chunk.indexOf(newline); at >= 0 && at < length && lines < count;) {
      offsets[++lines] = position + at + 1;
      at = chunk.indexOf(newline, at + 1);
    }
  }
  return offsets;
}
