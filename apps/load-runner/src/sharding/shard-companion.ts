// Goes along with one part of a striped run and keeps what is needed to merge it with the others.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Companion } from '../companion.js';
import type { Delta } from '../engine/delta.js';
import type { Second } from '../engine/timeline.js';
import type { Run } from '../reports/run.js';
import type { RunRequest } from '../run-request.js';
import { deltaLogName, DeltaLogWriter } from './delta-log.js';

class ShardCompanion implements Companion {
  private folder: string | undefined;
  private log: DeltaLogWriter | undefined;

  prepare(): Promise<void> {
    // The run's folder has no name before its end.
    this.folder = mkdtempSync(join(tmpdir(), 'load-runner-shard-'));
    this.log = new DeltaLogWriter(join(this.folder, deltaLogName));
    return Promise.resolve();
  }

  second(_second: Second, deltas: readonly Delta[]): void {
    this.log?.write(deltas);
  }

  async recorded(_run: Run, folder: string): Promise<void> {
    if (!this.log) return;
    await this.log.close();
    copyFileSync(this.log.path, join(folder, deltaLogName));
  }

  async close(): Promise<void> {
    await this.log?.close();
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }
}

export const shardCompanion = ({ shard }: RunRequest): Companion | undefined => shard && new ShardCompanion();
