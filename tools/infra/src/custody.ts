/** A supervisor's hold on what it started: recorded on disk, and stopped by somebody else should it die itself. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, systemEnvironment } from './launch.js';
import { willsDirectory, type LastWill, type WardenedPart } from './last-will.js';
import {
  endGroup,
  isRunning,
  isSame,
  self,
  stopProcess,
  type ProcessIdentity,
  type StopStep,
} from './processes.js';
import { readRecord, recordFile, removeOwnRecord, writeJson, writeRecord } from './records.js';

export interface KeptPart {
  readonly name: string;
  readonly process: ProcessIdentity;
  readonly steps: readonly StopStep[];
  /** A part with a port is recorded, so that the next start can adopt it. */
  readonly port?: number;
}

export interface CustodyOptions {
  /** Sets it apart from others of the same process. */
  readonly name?: string;
  /** What else must go when the supervisor dies: a scratch folder, say. */
  readonly remove?: readonly string[];
}

/** Compiled, also when this file runs from its source under a test. */
const EXECUTOR = fileURLToPath(new URL('../dist/execute-last-will.js', import.meta.url));

/**
 * A shell that waits costs a megabyte, a Node process forty. It leaves when the will is gone (the supervisor ended in
 * good order), and has the will executed when the supervisor is. `$0` is the supervisor's pid, `$1` the will.
 */
const WATCH = `
while [ -e "$1" ] && kill -0 "$0" 2>/dev/null; do sleep 1; done
[ ! -e "$1" ] || exec "$2" "$3" "$1"`;
const WATCH_LIMIT_MS = 1000;

export class Custody {
  readonly #owner = self();
  readonly #parts = new Map<string, WardenedPart>();
  readonly #willFile: string;
  #watch: Promise<ProcessIdentity> | undefined;

  constructor(
    private readonly directory: string,
    private readonly options: CustodyOptions = {},
  ) {
    this.#willFile = join(willsDirectory(directory), `${options.name ?? 'supervisor'}-${process.pid}.json`);
  }

  async keep(part: KeptPart): Promise<void> {
    const { port, ...wardened } = part;
    const recorded = port !== undefined;
    if (recorded) writeRecord(this.directory, { ...part, port, owner: this.#owner });
    this.#parts.set(part.name, {
      ...wardened,
      ...(recorded && { record: recordFile(this.directory, part.name) }),
    });
    this.#writeWill();
    await (this.#watch ??= this.#startWatch());
  }

  /** Stops a part, unless another supervisor has taken it over meanwhile. */
  async stop(name: string, steps?: readonly StopStep[]): Promise<void> {
    const part = this.#parts.get(name);
    if (part === undefined) return;
    const ours = part.record === undefined || (await removeOwnRecord(part.record, this.#owner));
    if (ours) await stopProcess(part.process, steps ?? part.steps);
    await this.letGo(name);
  }

  /** Forgets a part that ended by itself. */
  async letGo(name: string): Promise<void> {
    const part = this.#parts.get(name);
    if (part?.record !== undefined) await removeOwnRecord(part.record, this.#owner);
    if (this.#parts.delete(name)) this.#writeWill();
  }

  /** Whether a living supervisor other than this one answers for the part. */
  async isOthers(name: string): Promise<boolean> {
    const record = await readRecord(this.directory, name);
    if (record === undefined) return false;
    return !isSame(record.owner, this.#owner) && isRunning(record.owner);
  }

  /** Ends the watch; what is still kept stays as it is. */
  async end(): Promise<void> {
    await rm(this.#willFile, { force: true });
    if (this.#watch !== undefined) await endGroup(await this.#watch, WATCH_LIMIT_MS);
    this.#watch = undefined;
  }

  #writeWill(): void {
    const will: LastWill = {
      owner: this.#owner,
      directory: this.directory,
      parts: [...this.#parts.values()],
      remove: this.options.remove ?? [],
    };
    writeJson(this.#willFile, will);
  }

  #startWatch(): Promise<ProcessIdentity> {
    return launch({
      command: '/bin/sh',
      args: ['-c', WATCH, String(process.pid), this.#willFile, process.execPath, EXECUTOR],
      logFile: join(this.directory, 'run', 'watch.log'),
      env: systemEnvironment,
    });
  }
}
