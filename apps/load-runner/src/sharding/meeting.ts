// Where the parts of a striped run meet: a folder that all of them can write to. They begin when all are there, and the
// first part knows when all are done.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** A part did not come, or the folder was used before; the message says which. */
export class MeetingError extends Error {
  override readonly name = 'MeetingError';
}

/** What all parts must have in common. */
export interface Agreement {
  readonly startAtEpochMs: number;
  readonly seed: number;
}

export interface MeetingOptions {
  readonly folder: string;
  readonly shard: { readonly index: number; readonly of: number };
  /** How long to wait for the others; a cluster may have to pull images first. */
  readonly patienceMs: number;
}

const pollMs = 100;
/** From the agreement to the first request: every part reads it, asks the target what it offers and starts its threads. */
const leadMs = 5000;

const agreement = z.object({ startAtEpochMs: z.number(), seed: z.number() });

export class Meeting {
  private readonly agreed: string;

  constructor(private readonly options: MeetingOptions) {
    this.agreed = this.file('start.json');
  }

  /** Waits until all parts are there; the first one then says when to begin, and with which seed. */
  async agree(seed: number): Promise<Agreement> {
    const { folder, shard, patienceMs } = this.options;
    if (existsSync(this.file(`here-${shard.index}`))) {
      throw new MeetingError(
        `part ${shard.index} has met in ${folder} before: give each run a folder of its own`,
      );
    }
    write(this.file(`here-${shard.index}`), '');
    if (shard.index === 0) {
      await this.all('here', patienceMs);
      write(this.agreed, JSON.stringify({ startAtEpochMs: Date.now() + leadMs, seed }));
    }
    await this.until(() => existsSync(this.agreed), patienceMs, 'part 0 to say when to begin');
    return agreement.parse(JSON.parse(readFileSync(this.agreed, 'utf8')));
  }

  /** This part's run is written, to the folder of that name. */
  done(runFolder: string): void {
    write(this.file(`done-${this.options.shard.index}`), runFolder);
  }

  /** Waits until all parts are done; their run folders, in order. */
  async allDone(patienceMs: number): Promise<string[]> {
    await this.all('done', patienceMs);
    return this.indexes.map((index) => readFileSync(this.file(`done-${index}`), 'utf8'));
  }

  private get indexes(): number[] {
    return Array.from({ length: this.options.shard.of }, (_, index) => index);
  }

  private all(what: 'here' | 'done', patienceMs: number): Promise<void> {
    const missing = () => this.indexes.filter((index) => !existsSync(this.file(`${what}-${index}`)));
    return this.until(
      () => missing().length === 0,
      patienceMs,
      () => `part ${missing().join(', ')} of ${this.options.shard.of} to be ${what}`,
    );
  }

  private async until(
    holds: () => boolean,
    patienceMs: number,
    what: string | (() => string),
  ): Promise<void> {
    const deadlineMs = Date.now() + patienceMs;
    while (!holds()) {
      if (Date.now() > deadlineMs) {
        const missing = typeof what === 'string' ? what : what();
        throw new MeetingError(
          `waited ${Math.round(patienceMs / 1000)} s in ${this.options.folder} for ${missing}`,
        );
      }
      await sleep(pollMs);
    }
  }

  private file(name: string): string {
    return join(this.options.folder, name);
  }
}

/** Nobody reads half a file. */
function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}
